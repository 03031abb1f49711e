/**
 * `/api/v1/cluster` (api.md, "Cluster").
 */
import { clusterStatus } from '@stormglass/core';
import * as z from 'zod';
import { answerResult, json } from '../http/answer.ts';
import { endpoint, type Endpoint } from '../http/endpoint.ts';
import type { ServerContext } from '../server-context.ts';

const tag = 'Cluster';
const workerPath = '/api/v1/cluster/workers/{id}';

const workerChanged = z.object({
  id: z.string(),
  state: z.enum(['starting', 'draining', 'killed']),
});

export function clusterRoutes({ cluster }: ServerContext): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/cluster',
      tag,
      summary: 'Workers, storage nodes and schedulers',
      answers: { 200: { description: 'The cluster now.', schema: clusterStatus } },
      problems: ['unavailable'],
      handle: async () => json(200, await cluster.status()),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/cluster/workers',
      tag,
      summary: 'Add a worker',
      answers: { 201: { description: 'It starts.', schema: workerChanged } },
      problems: ['unavailable'],
      handle: async () =>
        answerResult(await cluster.addWorker(), (id) => json(201, { id, state: 'starting' })),
    }),
    endpoint({
      method: 'DELETE',
      path: workerPath,
      tag,
      summary: 'Drain a worker and stop it',
      answers: { 202: { description: 'It takes no new work.', schema: workerChanged } },
      problems: ['worker-not-found'],
      handle: async ({ param }) => {
        const id = param('id');
        return answerResult(await cluster.drainWorker(id), () =>
          json(202, { id, state: 'draining' }),
        );
      },
    }),
    endpoint({
      method: 'POST',
      path: `${workerPath}/kill`,
      tag,
      summary: 'Kill the process of a worker (SIGKILL)',
      answers: { 202: { description: 'Killed.', schema: workerChanged } },
      problems: ['worker-not-found'],
      handle: ({ param }) => {
        const id = param('id');
        return answerResult(cluster.killWorker(id), () => json(202, { id, state: 'killed' }));
      },
    }),
  ];
}
