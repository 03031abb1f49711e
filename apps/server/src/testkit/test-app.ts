/**
 * The app over the in-memory cluster, and requests to it.
 */
import { analyzeFunction } from '@stormglass/runtime/node';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { pino } from 'pino';
import { buildApp, type AppDependencies } from '../build-app.ts';
import { MemoryCluster } from './memory-cluster.ts';

export interface TestApp extends AsyncDisposable {
  readonly app: FastifyInstance;
  readonly cluster: MemoryCluster;
  readonly send: (
    method: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'PATCH',
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<LightMyRequestResponse>;
  /** Registers increment, square, and the DAG `composition` of the two. */
  readonly registerComposition: () => Promise<void>;
  /** Listens on a free port; the address to ask. */
  readonly listen: () => Promise<string>;
}

const LOOPBACK_ONLY = {
  allowedHosts: ['localhost', '127.0.0.1', '[::1]'],
  allowedOrigins: [],
  token: undefined,
} as const;

const NO_STUDIO = '/nonexistent/studio';

export async function makeTestApp(
  options: Partial<Omit<AppDependencies, 'cluster'>> & { readonly cluster?: MemoryCluster } = {},
): Promise<TestApp> {
  const { cluster = new MemoryCluster() } = options;
  const app = await buildApp({
    analyzeFunction,
    security: LOOPBACK_ONLY,
    studioFolder: NO_STUDIO,
    logger: pino({ level: 'silent' }),
    ...options,
    cluster,
  });
  const send: TestApp['send'] = (method, path, body, headers = {}) =>
    app.inject({
      method,
      url: path,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
  const put = async (path: string, body: unknown): Promise<void> => {
    const answer = await send('PUT', path, body);
    if (answer.statusCode >= 300) throw new Error(answer.body);
  };
  return {
    app,
    cluster,
    send,
    registerComposition: async () => {
      await put('/api/v1/functions/increment', { source: 'export default (x) => x + 1' });
      await put('/api/v1/functions/square', { source: 'export default (x) => x * x' });
      await put('/api/v1/dags/composition', {
        nodes: [
          { id: 'inc', function: 'increment' },
          { id: 'sq', function: 'square' },
        ],
        edges: [{ from: 'inc', to: 'sq', parameter: 'x' }],
      });
    },
    listen: () => app.listen({ host: '127.0.0.1', port: 0 }),
    [Symbol.asyncDispose]: () => app.close(),
  };
}
