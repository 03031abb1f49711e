/**
 * `/api/v1/examples`: the DAGs that come with the server, and how to install one.
 */
import { exampleInstalled, exampleList } from '@stormglass/core';
import type { DagName, Example } from '@stormglass/core';
import { request } from './request.ts';
import type { Answer } from './request.ts';

export async function listExamples(): Promise<Answer<readonly Example[]>> {
  const answer = await request('GET', '/examples', { schema: exampleList });
  return answer.ok ? { ok: true, value: answer.value.examples } : answer;
}

/** Registers the example's functions, DAG and data; answers with the DAG's name. */
export const installExample = (id: string): Promise<Answer<{ readonly dag: DagName }>> =>
  request('POST', `/examples/${encodeURIComponent(id)}/install`, {
    schema: exampleInstalled,
    body: {},
  });
