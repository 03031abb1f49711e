/**
 * `npm run bench`: what an invocation costs beside a bare HTTP route that computes the same, in one run.
 * Ratios are the message; absolute times depend on the machine.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Client } from 'undici';
import { measure, type Contestant, type Figures } from './measure.ts';

const CALLS = 3_000;
const TURN = 1_000;
/** A bare route took up to 1,400 calls until its time no longer changed. */
const SETTLE = 1_500;

const root = join(import.meta.dirname, '../..');

const freePort = async (): Promise<number> => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('No free port');
  return address.port;
};

const startBareRoute = async (): Promise<{ child: ChildProcess; url: string }> => {
  const child = fork(join(import.meta.dirname, 'bare-route.ts'), {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  if (child.stdout === null) throw new Error('The bare route has no output');
  for await (const line of createInterface({ input: child.stdout })) return { child, url: line };
  throw new Error('The bare route did not start');
};

const startStormglass = async (dataDir: string): Promise<{ child: ChildProcess; url: string }> => {
  const port = await freePort();
  const child = fork(join(root, 'apps/server/src/main.ts'), {
    env: { ...process.env, PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: 'error' },
    // As `npm start` has it.
    execArgv: [
      '--invocation-count-for-maglev=50',
      '--invocation-count-for-turbofan=500',
      '--minimum-invocations-after-ic-update=50',
    ],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}`);
    const ready = await fetch(`${url}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return { child, url };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

const put = async (client: Client, path: string, body: unknown): Promise<void> => {
  const response = await client.request({
    method: 'PUT',
    path,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.body.text();
  if (response.statusCode >= 300) throw new Error(`PUT ${path}: ${text}`);
};

const register = async (client: Client): Promise<void> => {
  await put(client, '/api/v1/functions/increment', { source: 'export default (x) => x + 1' });
  await put(client, '/api/v1/functions/square', { source: 'export default (x) => x * x' });
  await put(client, '/api/v1/functions/lookup', {
    source: 'export default async (key, cloud) => await cloud.get(key)',
  });
  await put(client, '/api/v1/dags/composition', {
    nodes: [
      { id: 'increment', function: 'increment' },
      { id: 'square', function: 'square' },
    ],
    edges: [{ from: 'increment', to: 'square', parameter: 'x' }],
  });
  await put(client, '/api/v1/keys/bench', { value: 25 });
};

const post = (name: string, client: Client, path: string, body: unknown): Contestant => {
  const text = JSON.stringify(body);
  return {
    name,
    call: async () => {
      const response = await client.request({
        method: 'POST',
        path,
        headers: { 'content-type': 'application/json' },
        body: text,
      });
      const answer: unknown = await response.body.json();
      const isRight =
        typeof answer === 'object' && answer !== null && 'result' in answer && answer.result === 25;
      if (!isRight) throw new Error(`${name} answered ${JSON.stringify(answer)}`);
    },
  };
};

const report = (figures: readonly Figures[]): void => {
  const bare = figures[0];
  if (bare === undefined) return;
  const row = (name: string, ...cells: readonly string[]): void =>
    console.log(name.padEnd(36) + cells.map((cell) => cell.padStart(10)).join(''));
  row('request', 'calls', 'median', 'p99', 'ratio');
  for (const { name, calls, medianUs, p99Us } of figures) {
    const ratio = (medianUs / bare.medianUs).toFixed(2);
    row(name, `${calls}`, `${medianUs.toFixed(0)} µs`, `${p99Us.toFixed(0)} µs`, `${ratio}×`);
  }
};

const dataDir = await mkdtemp(join(tmpdir(), 'stormglass-bench-'));
const bare = await startBareRoute();
const stormglass = await startStormglass(dataDir);
try {
  const bareClient = new Client(bare.url);
  const client = new Client(stormglass.url);
  await register(client);
  const composition = '/api/v1/dags/composition/invocations';
  const body = { arguments: { increment: { x: 4 } } };
  const lookup = '/api/v1/functions/lookup/invocations';
  const figures = await measure(
    [
      post('bare Fastify route', bareClient, composition, body),
      post('square(increment(x)), traced', client, composition, body),
      post('square(increment(x)), trace off', client, composition, { ...body, trace: 'off' }),
      post('one function, one cached read', client, lookup, { arguments: { key: 'bench' } }),
      post('the same at causal', client, lookup, {
        arguments: { key: 'bench' },
        consistency: 'causal',
      }),
    ],
    { calls: CALLS, turn: TURN, settle: SETTLE },
  );
  report(figures);
  await Promise.all([bareClient.close(), client.close()]);
} finally {
  bare.child.disconnect();
  stormglass.child.kill('SIGTERM');
  await once(stormglass.child, 'exit');
  await rm(dataDir, { recursive: true, force: true });
}
