/**
 * `/api/v1/…/invocations` (api.md, "Invocations").
 */
import {
  invocationAccepted,
  invocationList,
  invocationStatus,
  invocationTrace,
} from '@stormglass/core';
import type {
  DagInvocationBody,
  DagName,
  InvocationId,
  InvocationStatus,
  InvocationTrace,
} from '@stormglass/core';
import { nothing } from './nothing.ts';
import { request } from './request.ts';
import type { Answer } from './request.ts';

const path = (id: InvocationId) => `/invocations/${encodeURIComponent(id)}`;

/** Starts without waiting: the answer comes as soon as the invocation has its id. */
export const startInvocation = (
  dag: DagName,
  body: DagInvocationBody,
): Promise<Answer<{ readonly invocation: InvocationId }>> =>
  request('POST', `/dags/${encodeURIComponent(dag)}/invocations`, {
    schema: invocationAccepted,
    body,
    headers: { prefer: 'respond-async' },
  });

/** With `waitMs` the answer comes when the invocation has ended, or after that time. */
export const getInvocation = (
  id: InvocationId,
  waitMs?: number,
): Promise<Answer<InvocationStatus>> =>
  request('GET', `${path(id)}${waitMs === undefined ? '' : `?wait=${waitMs}`}`, {
    schema: invocationStatus,
  });

export interface InvocationPage {
  readonly invocations: readonly InvocationStatus[];
  /** Hand it back for the next page. */
  readonly cursor: string | undefined;
}

/** The runs of one DAG, newest first, one page. */
export async function listInvocations(
  dag: DagName,
  cursor?: string,
): Promise<Answer<InvocationPage>> {
  const query = new URLSearchParams({ dag, ...(cursor === undefined ? {} : { cursor }) });
  const answer = await request('GET', `/invocations?${query}`, { schema: invocationList });
  if (!answer.ok) return answer;
  return { ok: true, value: { ...answer.value, cursor: answer.value.cursor } };
}

/** Of all DAGs; as far back as the server remembers, `limit` at most. */
export async function newestInvocations(
  limit: number,
): Promise<Answer<readonly InvocationStatus[]>> {
  const answer = await request('GET', `/invocations?limit=${limit}`, { schema: invocationList });
  return answer.ok ? { ok: true, value: answer.value.invocations } : answer;
}

export const getTrace = (id: InvocationId): Promise<Answer<InvocationTrace>> =>
  request('GET', `${path(id)}/trace`, { schema: invocationTrace });

export const cancelInvocation = (id: InvocationId): Promise<Answer<undefined>> =>
  request('DELETE', path(id), { schema: nothing });
