import { PROTOCOL_VERSION, type Down } from '@stormglass/core';
import { expect, test } from 'vitest';
import { ServerSource, type StreamSocketHandlers } from './server-source.ts';

/** A world in which the test is the network and the time. */
function makeWorld() {
  const sockets: { handlers: StreamSocketHandlers; sent: unknown[]; closed: boolean }[] = [];
  let timers: { atMs: number; wake: () => void }[] = [];
  let nowMs = 1_000_000;
  return {
    sockets,
    surroundings: {
      openSocket: (_url: string, handlers: StreamSocketHandlers) => {
        const socket = { handlers, sent: [] as unknown[], closed: false };
        sockets.push(socket);
        return {
          send: (text: string) => socket.sent.push(JSON.parse(text)),
          close: () => {
            socket.closed = true;
            handlers.onClose();
          },
        };
      },
      nowMs: () => nowMs,
      after: (delayMs: number, wake: () => void) => {
        const timer = { atMs: nowMs + delayMs, wake };
        timers.push(timer);
        return () => {
          timers = timers.filter((other) => other !== timer);
        };
      },
      random: () => 0,
    },
    pass(durationMs: number) {
      nowMs += durationMs;
      const due = timers.filter((timer) => timer.atMs <= nowMs);
      timers = timers.filter((timer) => timer.atMs > nowMs);
      for (const timer of due) timer.wake();
    },
    socket: () => sockets.at(-1)!,
    say(message: Down) {
      sockets.at(-1)!.handlers.onFrame(JSON.stringify(message));
    },
  };
}

const hello = (seq: number, cluster = 'c1', protocol = PROTOCOL_VERSION): Down => ({
  type: 'hello',
  seq,
  oldest: 1,
  protocol,
  cluster,
});
const events = (...seqs: number[]): Down => ({
  type: 'events',
  events: seqs.map((seq) => ({
    seq,
    at: seq * 10,
    kind: 'cluster.changed',
    change: 'worker-joined',
    id: `w${seq}`,
  })),
});

function start() {
  const world = makeWorld();
  const source = new ServerSource(() => 'ws://test', world.surroundings);
  const heard: Down[] = [];
  source.subscribe((message) => heard.push(message));
  source.open();
  const heardSeqs = () =>
    heard.flatMap((message) =>
      message.type === 'events' ? message.events.map((record) => record.seq) : [],
    );
  return { world, source, heard, heardSeqs, status: () => source.connection.getState().status };
}

test('asks for everything, catches up, then is live', () => {
  const { world, status, heardSeqs } = start();
  expect(status()).toBe('connecting');
  world.say(hello(3));
  expect(status()).toBe('catching-up');
  expect(world.socket().sent).toEqual([{ type: 'subscribe', since: 0 }]);
  world.say(events(1, 2));
  expect(status()).toBe('catching-up');
  world.say(events(3));
  expect(status()).toBe('live');
  expect(heardSeqs()).toEqual([1, 2, 3]);
});

test('a cut connection resumes after the last record, and nothing is heard twice', () => {
  const { world, source, status, heardSeqs } = start();
  world.say(hello(2));
  world.say(events(1, 2));
  world.socket().handlers.onClose();
  expect(status()).toBe('reconnecting');
  expect(source.connection.getState().lostAtMs).toBe(1_000_000);
  world.pass(250);
  expect(world.sockets).toHaveLength(2);
  world.say(hello(4));
  expect(world.socket().sent).toEqual([{ type: 'subscribe', since: 2 }]);
  world.say(events(2, 3, 4));
  expect(status()).toBe('live');
  expect(heardSeqs()).toEqual([1, 2, 3, 4]);
});

test('a server that started anew is read from the beginning', () => {
  const { world, heardSeqs } = start();
  world.say(hello(2));
  world.say(events(1, 2));
  world.socket().handlers.onClose();
  world.pass(250);
  world.say(hello(5, 'c2'));
  expect(world.socket().sent).toEqual([{ type: 'subscribe', since: 0 }]);
  world.say(events(1, 2, 3, 4, 5));
  expect(heardSeqs()).toEqual([1, 2, 1, 2, 3, 4, 5]);
});

test('a hole in the sequence is answered by reconnecting, and the hole is not handed on', () => {
  const { world, status, heardSeqs } = start();
  world.say(hello(5));
  world.say(events(1));
  world.say(events(3));
  expect(status()).toBe('reconnecting');
  expect(heardSeqs()).toEqual([1]);
});

test('a gap with its image is no hole', () => {
  const { world, status, heardSeqs } = start();
  world.say(hello(9));
  world.say({ type: 'gap', from: 1, to: 8 });
  expect(status()).toBe('catching-up');
  const view = { workers: {}, storages: {}, invocations: [] };
  world.say({ type: 'image', seq: 9, view });
  expect(status()).toBe('live');
  world.say(events(10));
  expect(status()).toBe('live');
  expect(heardSeqs()).toEqual([10]);
});

test('back-off doubles from 250 ms to 8 s, and the time of the loss stays the first', () => {
  const { world, source } = start();
  const delays: number[] = [];
  for (let failure = 0; failure < 7; failure += 1) {
    world.socket().handlers.onClose();
    const delayMs = source.connection.getState().retryAtMs! - world.surroundings.nowMs();
    delays.push(delayMs);
    expect(source.connection.getState().lostAtMs).toBe(1_000_000);
    world.pass(delayMs);
  }
  expect(delays).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 8_000]);
});

test('a frame that is not the protocol is not handed on', () => {
  const { world, source, heard } = start();
  world.say(hello(1));
  world.socket().handlers.onFrame('{"type":"surprise"}');
  expect(heard.map((message) => message.type)).toEqual(['hello']);
  expect(source.connection.getState().reason).toMatch(/does not know/u);
});

test('another protocol version says so instead of guessing', () => {
  const { world, source } = start();
  world.say(hello(1, 'c1', PROTOCOL_VERSION + 1));
  expect(source.connection.getState().status).toBe('reconnecting');
  expect(source.connection.getState().reason).toMatch(/Reload the page/u);
});

test('a server that never says hello is given up', () => {
  const { world, status } = start();
  world.pass(5_000);
  expect(world.sockets[0]!.closed).toBe(true);
  expect(status()).toBe('reconnecting');
});

test('closing ends it for good', () => {
  const { world, source } = start();
  world.say(hello(0));
  source.close();
  world.pass(60_000);
  expect(world.sockets).toHaveLength(1);
});
