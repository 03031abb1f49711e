/**
 * A place in the log: replay, filters, batches, and what happens when the log has gone past it.
 */
import { heardEvent, toldEvent, type RuntimeEvent } from '@stormglass/core';
import { expect, test } from 'vitest';
import { ClusterImage } from './cluster-image.ts';
import { EventLog } from './event-log.ts';
import { RECORDS_IN_FRAME_MAX, Subscription, type Filter } from './subscription.ts';

const line = (invocation: string, text: string): RuntimeEvent => ({
  kind: 'log',
  invocation,
  attempt: 1,
  worker: 'w1',
  level: 'info',
  text,
});
const joined = (id: string): RuntimeEvent => ({
  kind: 'cluster.changed',
  change: 'worker-joined',
  id,
});

function makeLog(capacity: number, lengthMax?: number) {
  const image = new ClusterImage();
  const log = new EventLog(capacity, image, lengthMax);
  image.follow(log);
  const subscribe = (filter: Filter, since?: number) => {
    const subscription = new Subscription(log, image, filter, since);
    return () => {
      const text = subscription.next();
      return text === undefined ? undefined : JSON.parse(text);
    };
  };
  return { log, subscribe };
}

const seqs = (frame: { events: { seq: number }[] }) => frame.events.map(({ seq }) => seq);

test('without since only what comes; with since what was, too', () => {
  const { log, subscribe } = makeLog(100);
  log.append(toldEvent(5, line('i', 'one')));
  log.append(toldEvent(6, line('i', 'two')));
  const fresh = subscribe({});
  const replay = subscribe({}, 0);
  const resumed = subscribe({}, 1);
  expect(fresh()).toBeUndefined();
  expect(replay()).toMatchObject({
    type: 'events',
    events: [{ seq: 1, at: 5, text: 'one' }, { seq: 2 }],
  });
  expect(seqs(resumed())).toEqual([2]);
  log.append(toldEvent(7, line('i', 'three')));
  expect(seqs(fresh())).toEqual([3]);
  expect(seqs(replay())).toEqual([3]);
  expect(replay()).toBeUndefined();
});

test('filters by invocation and by kind', () => {
  const { log, subscribe } = makeLog(100);
  log.append(toldEvent(1, line('i', 'a')));
  log.append(toldEvent(2, joined('w1')));
  log.append(toldEvent(3, line('j', 'b')));
  expect(seqs(subscribe({ invocation: 'j' }, 0)())).toEqual([3]);
  expect(seqs(subscribe({ kinds: ['cluster.changed'] }, 0)())).toEqual([2]);
  expect(subscribe({ invocation: 'nobody' }, 0)()).toBeUndefined();
});

test('a long past comes in frames of bounded size', () => {
  const { log, subscribe } = makeLog(5_000);
  for (let count = 0; count < RECORDS_IN_FRAME_MAX * 2 + 1; count += 1)
    log.append(toldEvent(count, joined('w1')));
  const next = subscribe({}, 0);
  expect([next(), next(), next()].map((frame) => frame.events.length)).toEqual([
    RECORDS_IN_FRAME_MAX,
    RECORDS_IN_FRAME_MAX,
    1,
  ]);
  expect(next()).toBeUndefined();
});

test('a viewer that the log went past gets a gap, then the image of everything until now', () => {
  const { log, subscribe } = makeLog(4);
  const next = subscribe({}, 0);
  for (let count = 1; count <= 10; count += 1) log.append(toldEvent(count, joined(`w${count}`)));
  expect(next()).toEqual({ type: 'gap', from: 1, to: 10 });
  log.append(toldEvent(11, joined('w11')));
  const image = next();
  expect(image).toMatchObject({ type: 'image', seq: 11 });
  expect(Object.keys(image.view.workers)).toHaveLength(11);
  expect(next()).toBeUndefined();
  log.append(toldEvent(12, joined('w12')));
  expect(seqs(next())).toEqual([12]);
});

test('with an invocation filter there is a gap, no image, and the events that are left', () => {
  const { log, subscribe } = makeLog(4);
  const next = subscribe({ invocation: 'i' }, 0);
  for (let count = 1; count <= 10; count += 1) log.append(toldEvent(count, line('i', `${count}`)));
  expect(next()).toEqual({ type: 'gap', from: 1, to: 6 });
  expect(seqs(next())).toEqual([7, 8, 9, 10]);
});

test('a number of an earlier cluster is answered with an image', () => {
  const { log, subscribe } = makeLog(4);
  log.append(toldEvent(1, joined('w1')));
  const next = subscribe({}, 700);
  expect(next()).toMatchObject({ type: 'image', seq: 1 });
  log.append(toldEvent(2, joined('w2')));
  expect(seqs(next())).toEqual([2]);
});

test('the log forgets traces with their records', () => {
  const { log } = makeLog(3);
  for (const text of ['a', 'b', 'c', 'd']) log.append(toldEvent(1, line('i', text)));
  expect(log.trace('i').map((text) => JSON.parse(text).text)).toEqual(['b', 'c', 'd']);
  for (const id of ['w1', 'w2', 'w3']) log.append(toldEvent(2, joined(id)));
  expect(log.trace('i')).toEqual([]);
  expect([log.oldest, log.newest]).toEqual([5, 7]);
  expect(log.record(4)).toBeUndefined();
});

test('long events push out more of the older ones, whose reader learns of the gap', () => {
  const { log, subscribe } = makeLog(100, 10_000);
  const next = subscribe({}, 0);
  for (const id of ['w1', 'w2', 'w3']) log.append(toldEvent(1, joined(id)));
  const text = JSON.stringify(line('i', 'x'.repeat(4_700)));
  for (const at of [4, 5]) {
    log.append(heardEvent({ at, kind: 'log', invocation: 'i', text }, 'w1'));
  }
  expect([log.oldest, log.newest]).toEqual([3, 5]);
  expect(next()).toMatchObject({ type: 'gap', from: 1 });
  expect(next()).toMatchObject({ type: 'image', view: { workers: { w1: {}, w2: {}, w3: {} } } });
  log.append(
    heardEvent({ at: 6, kind: 'log', invocation: 'i', text: `${text}${' '.repeat(20_000)}` }, 'w1'),
  );
  expect([log.oldest, log.newest]).toEqual([6, 6]);
  expect(log.trace('i')).toHaveLength(1);
});
