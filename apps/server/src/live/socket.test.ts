/**
 * The live stream over a real WebSocket (api.md, "The live stream").
 */
import { down, PROTOCOL_VERSION, type Down } from '@stormglass/core';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { makeTestApp, type TestApp } from '../testkit/test-app.ts';

/** A viewer that keeps what it got, and waits for what it is told to. */
class Viewer implements Disposable {
  readonly frames: Down[] = [];
  readonly socket: WebSocket;
  #waiting: { readonly enough: (frames: readonly Down[]) => boolean; readonly go: () => void }[] =
    [];

  constructor(address: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(`${address.replace('http', 'ws')}/api/v1/events`, { headers });
    this.socket.on('message', (data: Buffer) => {
      this.frames.push(down.parse(JSON.parse(data.toString('utf8'))));
      for (const { enough, go } of this.#waiting) if (enough(this.frames)) go();
    });
  }

  readonly until = (enough: (frames: readonly Down[]) => boolean): Promise<void> =>
    new Promise((resolve) => {
      if (enough(this.frames)) resolve();
      else this.#waiting.push({ enough, go: resolve });
    });

  readonly events = () =>
    this.frames.flatMap((frame) => (frame.type === 'events' ? frame.events : []));

  readonly say = (message: unknown): void => {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  };

  [Symbol.dispose](): void {
    this.socket.terminate();
  }
}

const path = '/api/v1/dags/composition/invocations';
const body = { arguments: { inc: { x: 4 } } };
const has = (type: Down['type']) => (frames: readonly Down[]) =>
  frames.some((frame) => frame.type === type);
const hasFinished = (frames: readonly Down[]) =>
  frames.some(
    (frame) =>
      frame.type === 'events' && frame.events.some(({ kind }) => kind === 'invocation.finished'),
  );

async function start(): Promise<TestApp & { readonly address: string }> {
  const server = await makeTestApp();
  await server.registerComposition();
  return { ...server, address: await server.listen() };
}

test('says hello, then sends the events of what runs, numbered without holes', async () => {
  await using server = await start();
  const { address } = server;
  using viewer = new Viewer(address);
  await viewer.until(has('hello'));
  expect(viewer.frames[0]).toMatchObject({
    type: 'hello',
    seq: 2,
    oldest: 1,
    protocol: PROTOCOL_VERSION,
  });
  viewer.say({ type: 'subscribe', since: 2 });
  const { invocation } = (await server.send('POST', path, body)).json();
  await viewer.until(hasFinished);
  const events = viewer.events();
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 3));
  expect(events.every((event) => 'invocation' in event && event.invocation === invocation)).toBe(
    true,
  );
});

test('a refused subscription leaves the one before', async () => {
  await using server = await start();
  const { address } = server;
  using viewer = new Viewer(address);
  await viewer.until(has('hello'));
  viewer.say({ type: 'subscribe', kinds: ['invocation.finished'], since: 0 });
  for (const bad of [
    { type: 'subscribe', kinds: ['cache.exploded'] },
    { type: 'unsubscribe' },
    { type: 'subscribe', since: -1 },
    'not json',
  ]) {
    viewer.say(bad);
  }
  await viewer.until((frames) => frames.filter(({ type }) => type === 'problem').length === 4);
  const problems = viewer.frames.flatMap((frame) =>
    frame.type === 'problem' ? [frame.problem] : [],
  );
  expect(problems.map(({ type }) => type)).toEqual([
    'invalid-request',
    'invalid-request',
    'invalid-request',
    'malformed-json',
  ]);
  expect(problems[0]?.detail).toContain('cache.exploded');
  await server.send('POST', path, body);
  await viewer.until(hasFinished);
  expect(viewer.events().map(({ kind }) => kind)).toEqual(['invocation.finished']);
});

test('a viewer that does not read holds up nobody, and gets an image at last', async () => {
  await using server = await makeTestApp({ eventCapacity: 100 });
  const address = await server.listen();
  using slow = new Viewer(address);
  using quick = new Viewer(address);
  await Promise.all([slow.until(has('hello')), quick.until(has('hello'))]);
  slow.say({ type: 'subscribe', since: 0 });
  quick.say({ type: 'subscribe', since: 0 });
  const line = { kind: 'log', worker: 'w1', attempt: 1, level: 'info' } as const;
  // Without a start of their invocation such events are held; a start makes them flow.
  const place = {
    invocation: 'i',
    attempt: 1,
    dag: 'd',
    dagVersion: 1,
    consistency: 'lww',
  } as const;
  server.cluster.emit({ kind: 'invocation.started', ...place, schedule: {} });
  slow.socket.pause();
  let seen = 0;
  for (let round = 0; round < 20; round += 1) {
    for (let index = 0; index < 50; index += 1) {
      server.cluster.emit({ ...line, invocation: 'i', text: 'x'.repeat(20_000) });
    }
    seen += 50;
    await quick.until(() => quick.events().length >= seen);
  }
  expect(quick.frames.some(({ type }) => type === 'gap')).toBe(false);
  slow.socket.resume();
  await slow.until(has('image'));
  const types = slow.frames.map(({ type }) => type);
  expect(types.indexOf('gap')).toBe(types.indexOf('image') - 1);
}, 30_000);

test.each(['http://evil.test', 'null', 'http://127.0.0.1.evil.test', 'http://127.0.0.1:1'])(
  'an upgrade from the page %s is refused',
  async (origin) => {
    await using server = await start();
    const { address } = server;
    using viewer = new Viewer(address, { origin });
    const status = await new Promise((resolve) => {
      viewer.socket.on('error', () => undefined);
      viewer.socket.on('unexpected-response', (_request, response) => {
        resolve(response.statusCode);
        response.destroy();
      });
      viewer.socket.on('open', () => resolve('open'));
    });
    expect(status).toBe(403);
  },
);

test('an upgrade with a foreign Host is refused; the own page gets in', async () => {
  await using server = await start();
  const { address } = server;
  using foreign = new Viewer(address, { host: 'evil.test' });
  const status = await new Promise((resolve) => {
    foreign.socket.on('error', () => undefined);
    foreign.socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
    foreign.socket.on('open', () => resolve('open'));
  });
  expect(status).toBe(403);
  using own = new Viewer(address, { origin: address });
  await own.until(has('hello'));
});

test('a frame that is too large ends the connection, not the server', async () => {
  await using server = await start();
  const { address } = server;
  using viewer = new Viewer(address);
  await viewer.until(has('hello'));
  const code = await new Promise((resolve) => {
    viewer.socket.on('close', resolve);
    viewer.say({ type: 'subscribe', invocation: 'x'.repeat(100_000) });
  });
  expect(code).toBe(1009);
  expect((await server.send('GET', '/healthz')).statusCode).toBe(200);
});
