/**
 * `/api/v1/dags` (api.md, "DAGs").
 */
import { dagDetail, dagList } from '@stormglass/core';
import type { DagBody, DagDetail, DagName } from '@stormglass/core';
import { nothing } from './nothing.ts';
import { request } from './request.ts';
import type { Answer } from './request.ts';

const path = (name: DagName) => `/dags/${encodeURIComponent(name)}`;

export async function listDags(): Promise<Answer<readonly DagDetail[]>> {
  const answer = await request('GET', '/dags', { schema: dagList });
  return answer.ok ? { ok: true, value: answer.value.dags } : answer;
}

export const getDag = (name: DagName): Promise<Answer<DagDetail>> =>
  request('GET', path(name), { schema: dagDetail });

/** The DAG if there is one. For names that are expected to be free: no failed request in the console. */
export async function findDag(name: DagName): Promise<Answer<DagDetail | undefined>> {
  const answer = await listDags();
  if (!answer.ok) return answer;
  return { ok: true, value: answer.value.find((dag) => dag.name === name) };
}

export const putDag = (name: DagName, body: DagBody): Promise<Answer<DagDetail>> =>
  request('PUT', path(name), { schema: dagDetail, body });

export const deleteDag = (name: DagName): Promise<Answer<undefined>> =>
  request('DELETE', path(name), { schema: nothing });
