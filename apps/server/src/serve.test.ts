/**
 * Starting and stopping on a real port.
 */
import { connect } from 'node:net';
import { analyzeFunction } from '@stormglass/runtime/node';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { readConfig, type Config } from './config.ts';
import { CannotListen, serve, type ServeOptions } from './serve.ts';
import { MemoryCluster } from './testkit/memory-cluster.ts';

function configOf(environment: Record<string, string>): Config {
  const result = readConfig(environment);
  if (!result.ok) throw new Error(result.message);
  return result.config;
}

const options = (change: Partial<ServeOptions> = {}): ServeOptions => ({
  config: configOf({ PORT: '0' }),
  logger: pino({ level: 'silent' }),
  analyzeFunction,
  startCluster: () => Promise.resolve(new MemoryCluster()),
  ...change,
});

test('a port in use is one line with the remedy, and no cluster is started', async () => {
  const first = await serve(options());
  const { port } = new URL(first.url);
  let starts = 0;
  const second = serve(
    options({
      config: configOf({ PORT: port }),
      startCluster: () => {
        starts += 1;
        return Promise.resolve(new MemoryCluster());
      },
    }),
  );
  await expect(second).rejects.toThrow(CannotListen);
  await expect(second).rejects.toThrow(
    `Port ${port} is in use. Stop what runs there, or take another port: PORT=${Number(port) + 1} npm start`,
  );
  expect(starts).toBe(0);
  await first.close();
});

/** A server whose cluster does not run yet, on a port that was free a moment ago. */
async function startSlowly() {
  const cluster = Promise.withResolvers<MemoryCluster>();
  const probe = await serve(options());
  const { url } = probe;
  await probe.close();
  const waiting: string[] = [];
  const logger = pino(
    { level: 'debug' },
    {
      write: (line) => {
        if (line.includes('waits until the cluster runs')) waiting.push(line);
      },
    },
  );
  const config = configOf({ PORT: new URL(url).port });
  const starting = serve(options({ config, logger, startCluster: () => cluster.promise }));
  await expect.poll(() => canConnect(url)).toBe(true);
  const whenWaiting = (requests: number) => expect.poll(() => waiting).toHaveLength(requests);
  return {
    url,
    stream: `${url.replace('http', 'ws')}/api/v1/events`,
    cluster,
    starting,
    whenWaiting,
  };
}

test('a request that comes before the cluster runs is answered when it does', async () => {
  const { url, cluster, starting, whenWaiting } = await startSlowly();
  const early = fetch(`${url}/healthz`);
  await whenWaiting(1);
  cluster.resolve(new MemoryCluster());
  expect(await (await early).json()).toEqual({ status: 'ok' });
  await (await starting).close();
  expect(await canConnect(url)).toBe(false);
});

test('a page that comes back before the cluster runs gets its live stream when it does', async () => {
  const { stream, cluster, starting, whenWaiting } = await startSlowly();
  const page = new WebSocket(stream);
  const opened = new Promise((resolve, reject) => {
    page.addEventListener('open', resolve);
    page.addEventListener('error', reject);
  });
  const impatient = new WebSocket(stream);
  await whenWaiting(2);
  impatient.close();
  cluster.resolve(new MemoryCluster());
  await opened;
  expect(page.readyState).toBe(WebSocket.OPEN);
  await (await starting).close();
});

test('a page that waits for a cluster that does not start is let go', async () => {
  const { url, stream, cluster, starting, whenWaiting } = await startSlowly();
  const page = new WebSocket(stream);
  const closed = new Promise((resolve) => page.addEventListener('close', resolve));
  await whenWaiting(1);
  cluster.reject(new Error('no disk'));
  await expect(starting).rejects.toThrow('no disk');
  await closed;
  expect(await canConnect(url)).toBe(false);
});

test('closing ends open connections and the cluster', async () => {
  const cluster = new MemoryCluster();
  const server = await serve(options({ startCluster: () => Promise.resolve(cluster) }));
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  const ended = new Promise((resolve) => socket.on('close', resolve));
  await new Promise((resolve) => socket.on('connect', resolve));
  await server.close();
  await ended;
  expect(cluster.isClosed).toBe(true);
});

test('a cluster that does not start frees the port', async () => {
  const failing = serve(options({ startCluster: () => Promise.reject(new Error('no disk')) }));
  await expect(failing).rejects.toThrow('no disk');
});

function canConnect(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
