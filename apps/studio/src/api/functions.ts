/**
 * `/api/v1/functions` (api.md, "Functions").
 */
import { functionDetail, functionList, functionSummary } from '@stormglass/core';
import type { FunctionBody, FunctionDetail, FunctionName, FunctionSummary } from '@stormglass/core';
import { nothing } from './nothing.ts';
import { request } from './request.ts';
import type { Answer } from './request.ts';

const path = (name: FunctionName) => `/functions/${encodeURIComponent(name)}`;

export async function listFunctions(): Promise<Answer<readonly FunctionSummary[]>> {
  const answer = await request('GET', '/functions', { schema: functionList });
  return answer.ok ? { ok: true, value: answer.value.functions } : answer;
}

export const getFunction = (name: FunctionName): Promise<Answer<FunctionDetail>> =>
  request('GET', path(name), { schema: functionDetail });

/** Problems: `syntax-error` and `unsupported-signature` with `line` and `column`, `invalid-name`. */
export const putFunction = (
  name: FunctionName,
  body: FunctionBody,
): Promise<Answer<FunctionSummary>> =>
  request('PUT', path(name), { schema: functionSummary, body });

/** Problem `function-in-use` while a DAG uses it. */
export const deleteFunction = (name: FunctionName): Promise<Answer<undefined>> =>
  request('DELETE', path(name), { schema: nothing });
