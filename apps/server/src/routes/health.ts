/**
 * `/healthz`: the process answers. `/readyz`: it can run functions. `/metrics`: Prometheus.
 */
import * as z from 'zod';
import { json, refuse } from '../http/answer.ts';
import { endpoint, type Endpoint } from '../http/endpoint.ts';
import { problemFor } from '../http/problem-document.ts';
import type { ServerContext } from '../server-context.ts';

const tag = 'Health';
const ready = z.object({ status: z.literal('ok') });

export function healthRoutes({ cluster, metrics }: ServerContext): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/healthz',
      tag,
      summary: 'The process answers',
      answers: { 200: { description: 'Alive.', schema: ready } },
      problems: [],
      handle: () => json(200, { status: 'ok' }),
    }),
    endpoint({
      method: 'GET',
      path: '/readyz',
      tag,
      summary: 'At least one worker takes work',
      answers: { 200: { description: 'Ready.', schema: ready } },
      problems: ['unavailable'],
      handle: async () => {
        const { workers } = await cluster.status();
        if (workers.some(({ state }) => state === 'running')) return json(200, { status: 'ok' });
        const detail = `None of ${workers.length} workers is running yet. Try again in a moment.`;
        return refuse(problemFor('unavailable', detail));
      },
    }),
    endpoint({
      method: 'GET',
      path: '/metrics',
      tag,
      summary: 'Metrics for Prometheus',
      answers: { 200: { description: 'In its text format.' } },
      problems: [],
      handle: async () => {
        const { text, type } = await metrics.read(await cluster.status());
        return { kind: 'text', status: 200, text, type };
      },
    }),
  ];
}
