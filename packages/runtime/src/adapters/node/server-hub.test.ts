import type { LinkFrameOf, TimedEvent } from '@stormglass/core';
import { createConnection } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { SILENT_LOG } from './log.ts';
import { ServerHub, type Attachment } from './server-hub.ts';
import { listenAt, makeSocketDirectory } from './socket-directory.ts';
import { SocketLink } from './socket-link.ts';
import { monotonicNs, systemClock } from './system-clock.ts';

const joined = (id: string): TimedEvent => ({
  at: 1,
  event: { kind: 'cluster.changed', change: 'storage-joined', id },
});

const frame = (first: number, events: unknown): LinkFrameOf<'events'> => ({
  type: 'events',
  first,
  count: Array.isArray(events) ? events.length : 1,
  events: typeof events === 'string' ? events : JSON.stringify(events),
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

async function newHub(): Promise<{ hub: ServerHub; worker: Attachment; logged: TimedEvent[] }> {
  const logged: TimedEvent[] = [];
  const clock = systemClock(monotonicNs());
  const hub = new ServerHub({ clock, log: SILENT_LOG, onEvent: (timed) => logged.push(timed) });
  const directory = await makeSocketDirectory();
  const server = await listenAt(directory.socketPath('server'), () => undefined);
  const link = new SocketLink(createConnection(directory.socketPath('server')), {
    received: () => undefined,
    closed: () => undefined,
    refused: () => undefined,
  });
  onTestFinished(async () => {
    link.close('The test is over');
    server.close();
    await directory.remove();
  });
  return { hub, worker: hub.attach('w1', 'w1.1', link), logged };
}

test('events of a worker are logged as they are, a dictionary entry named __proto__ included', async () => {
  const { hub, worker, logged } = await newHub();
  const event = JSON.parse(`{"at": 5, "event": {
    "kind": "cache.write", "worker": "w1", "invocation": "i", "attempt": 1, "key": "__proto__",
    "version": {"__proto__": 1}, "dependencies": {"__proto__": {"w1.1": 2}},
    "operation": "put", "bytes": 1}}`);
  expect(offer(hub, worker, frame(0, [event]))).toBe(true);
  expect(JSON.stringify(logged)).toBe(JSON.stringify([event]));
  expect(JSON.stringify(logged)).toContain('"dependencies":{"__proto__":{"w1.1":2}}');
});

test('what is no list of events, or not the next one, is refused and changes nothing', async () => {
  const { hub, worker, logged } = await newHub();
  expect(offer(hub, worker, frame(0, 'not JSON'))).toBe(false);
  expect(offer(hub, worker, frame(0, [{ at: 1, event: { kind: 'no such kind' } }]))).toBe(false);
  expect(offer(hub, worker, frame(1, [joined('too early')]))).toBe(false);
  expect(offer(hub, worker, frame(0, [joined('first')]))).toBe(true);
  expect(offer(hub, worker, frame(0, [joined('again')]))).toBe(false);
  const short = { ...frame(1, [joined('second')]), count: 2 };
  expect(offer(hub, worker, short)).toBe(false);
  expect(logged).toEqual([joined('first')]);
});
