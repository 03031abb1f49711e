import type { HeardEvent, LinkFrame, LinkFrameOf, ToldEvent } from '@stormglass/core';
import { createConnection } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { UNTAKEN_LENGTH_MAX } from './event-outbox.ts';
import { SILENT_LOG } from './log.ts';
import { ServerHub, type Attachment } from './server-hub.ts';
import { listenAt, makeSocketDirectory } from './socket-directory.ts';
import { SocketLink } from './socket-link.ts';
import { monotonicNs, systemClock } from './system-clock.ts';

const joined = (id: string): HeardEvent => ({
  at: 1,
  kind: 'cluster.changed',
  text: JSON.stringify({ kind: 'cluster.changed', change: 'storage-joined', id }),
});

const frame = (first: number, events: HeardEvent[]): LinkFrameOf<'events'> => ({
  type: 'events',
  first,
  count: events.length,
  lines: events
    .map(({ at, kind, invocation = '-', text }) => `${at} ${kind} ${invocation} ${text}`)
    .join('\n'),
});

/** Whether the hub took the frame, once its time has come. */
function offer(hub: ServerHub, worker: Attachment, offered: LinkFrameOf<'events'>): boolean {
  let isTaken = true;
  vi.useFakeTimers({ toFake: ['setTimeout', 'setImmediate'] });
  hub.onEvents(worker, offered, () => {
    isTaken = false;
  });
  vi.runAllTimers();
  vi.useRealTimers();
  return isTaken;
}

async function newHub(): Promise<{
  hub: ServerHub;
  worker: Attachment;
  logged: ToldEvent[];
  heard: LinkFrame[];
}> {
  const logged: ToldEvent[] = [];
  const clock = systemClock(monotonicNs());
  const hub = new ServerHub({ clock, log: SILENT_LOG, onEvent: (told) => logged.push(told) });
  const directory = await makeSocketDirectory();
  const heard: LinkFrame[] = [];
  const listener = { closed: () => undefined, refused: () => undefined };
  const server = await listenAt(directory.socketPath('server'), (socket) => {
    new SocketLink(socket, { ...listener, received: (one) => heard.push(one) });
  });
  const link = new SocketLink(createConnection(directory.socketPath('server')), {
    ...listener,
    received: () => undefined,
  });
  onTestFinished(async () => {
    link.close('The test is over');
    server.close();
    await directory.remove();
  });
  return { hub, worker: hub.attach('w1', 'w1.1', link), logged, heard };
}

test('events of a worker are logged as they are, a dictionary entry named __proto__ included', async () => {
  const { hub, worker, logged } = await newHub();
  const text = JSON.stringify(
    JSON.parse(`{"kind": "cache.write", "worker": "w1", "invocation": "i", "attempt": 1,
      "key": "__proto__", "version": {"__proto__": 1}, "dependencies": {"__proto__": {"w1.1": 2}},
      "operation": "put", "bytes": 1}`),
  );
  const heard: HeardEvent = { at: 5, kind: 'cache.write', invocation: 'i', text };
  expect(offer(hub, worker, frame(0, [heard]))).toBe(true);
  expect(logged.map(({ at, kind, invocation }) => [at, kind, invocation])).toEqual([
    [5, 'cache.write', 'i'],
  ]);
  expect(logged[0]?.text()).toBe(text);
  expect(text).toContain('"dependencies":{"__proto__":{"w1.1":2}}');
});

test('events that are not the next ones are refused and change nothing', async () => {
  const { hub, worker, logged } = await newHub();
  expect(offer(hub, worker, frame(1, [joined('too early')]))).toBe(false);
  expect(offer(hub, worker, frame(0, [joined('first')]))).toBe(true);
  expect(offer(hub, worker, frame(0, [joined('again')]))).toBe(false);
  expect(logged.map((told) => told.text())).toEqual([joined('first').text]);
});

test('[EXEC5] a worker gets to know how much of what it told is in the log', async () => {
  const { hub, worker, heard } = await newHub();
  const long = joined('x'.repeat(UNTAKEN_LENGTH_MAX / 64));
  let length = 0;
  for (let first = 0; first < 40; first += 1) {
    const next = frame(first, [long]);
    length += next.lines.length;
    expect(offer(hub, worker, next)).toBe(true);
  }
  await vi.waitFor(() => expect(heard.length).toBeGreaterThan(4));
  const told = heard.map((one) => (one.type === 'events-taken' ? one.length : 0));
  expect(told.toSorted((a, b) => a - b)).toEqual(told);
  expect(length - told.at(-1)!).toBeLessThan(UNTAKEN_LENGTH_MAX / 8);
});
