/**
 * Events of several workers come in any order between workers; they leave in an order that causes can have.
 */
import fc from 'fast-check';
import type { RuntimeEvent } from '@stormglass/core';
import { expect, test } from 'vitest';
import { CausalDelivery, HOLD_MS_MAX } from './causal-delivery.ts';

const edges = [{ from: 'a', to: 'b', parameter: 'x' }];
const ofA = { invocation: 'i', attempt: 1, node: 'a', worker: 'w1', executor: 'w1/e1' };
const ofB = { invocation: 'i', attempt: 1, node: 'b', worker: 'w2', executor: 'w2/e1' };
const at = { worker: 'w1', executor: 'w1/e1' };

const started: RuntimeEvent = {
  kind: 'invocation.started',
  invocation: 'i',
  attempt: 1,
  dag: 'd',
  dagVersion: 1,
  consistency: 'lww',
  schedule: { a: at, b: { worker: 'w2', executor: 'w2/e1' } },
};
const ended = { status: 'succeeded', durationUs: 1 } as const;
const ofWorker1: readonly RuntimeEvent[] = [
  { kind: 'function.started', ...ofA, function: 'f' },
  {
    kind: 'cache.write',
    ...ofA,
    key: 'k',
    version: {},
    dependencies: {},
    operation: 'put',
    bytes: 1,
  },
  { kind: 'function.finished', ...ofA, function: 'f', ...ended },
  {
    kind: 'function.triggered',
    invocation: 'i',
    attempt: 1,
    ...at,
    from: 'a',
    to: 'b',
    bytes: 1,
    readSet: {},
    dependencies: {},
  },
];
const ofWorker2: readonly RuntimeEvent[] = [
  { kind: 'function.started', ...ofB, function: 'g' },
  { kind: 'log', ...ofB, level: 'info', text: 'hello' },
  { kind: 'function.finished', ...ofB, function: 'g', ...ended },
];
const merged: RuntimeEvent = {
  kind: 'storage.merged',
  storage: 's1',
  key: 'k',
  incoming: {},
  after: {},
  relation: 'new',
  invocation: 'i',
};
const finished: RuntimeEvent = {
  kind: 'invocation.finished',
  invocation: 'i',
  ...ended,
  attempts: 1,
};

function makeDelivery() {
  const delivered: RuntimeEvent[] = [];
  const wakes: (() => void)[] = [];
  let nowMs = 0;
  const delivery = new CausalDelivery({
    deliver: (event) => delivered.push(event),
    describe: () => ({ edges, store: undefined }),
    nowMs: () => nowMs,
    after: (_delayMs, wake) => {
      wakes.push(wake);
      return () => wakes.splice(wakes.indexOf(wake), 1);
    },
  });
  const pass = (ms: number): void => {
    nowMs += ms;
    for (const wake of wakes.splice(0)) wake();
  };
  return { delivery, delivered, wakes, pass };
}

/** Takes the heads of the streams in the order that `picks` says. */
function interleave<T>(streams: readonly (readonly T[])[], picks: readonly number[]): T[] {
  const rest = streams.map((stream) => [...stream]);
  const taken: T[] = [];
  for (const pick of [...picks, ...picks.keys()]) {
    const open = rest.filter((stream) => stream.length > 0);
    const next = open[pick % Math.max(1, open.length)]?.shift();
    if (next !== undefined) taken.push(next);
  }
  for (const stream of rest) taken.push(...stream);
  return taken;
}

test('whatever the interleaving of the connections, causes come first and nothing is lost', () => {
  // Scheduler and storage live in the server, so what they tell arrives in the order it happened.
  const streams = [[started, merged, finished], ofWorker1, ofWorker2];
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 11 }), { maxLength: 12 }), (picks) => {
      const { delivery, delivered, wakes } = makeDelivery();
      for (const event of interleave(streams, picks)) delivery.accept(event, 0);
      const place = (event: RuntimeEvent) => delivered.indexOf(event);
      expect(delivered).toHaveLength(streams.flat().length);
      expect(delivered[0]).toBe(started);
      expect(delivered.at(-1)).toBe(finished);
      expect(place(ofWorker2[0]!)).toBeGreaterThan(place(ofWorker1[3]!));
      expect(place(merged)).toBeGreaterThan(place(ofWorker1[1]!));
      expect(delivered.filter((event) => ofWorker1.includes(event))).toEqual(ofWorker1);
      expect(delivered.filter((event) => ofWorker2.includes(event))).toEqual(ofWorker2);
      expect(wakes).toHaveLength(0);
    }),
  );
});

test('a cause that never comes is waited for, but not for ever', () => {
  const { delivery, delivered, pass } = makeDelivery();
  delivery.accept(started, 0);
  for (const event of ofWorker2) delivery.accept(event, 1);
  expect(delivered).toEqual([started]);
  pass(HOLD_MS_MAX - 1);
  expect(delivered).toEqual([started]);
  pass(1);
  expect(delivered).toEqual([started, ...ofWorker2]);
});

test('events of a second attempt wait for its start; those of an ended invocation wait for nothing', () => {
  const { delivery, delivered } = makeDelivery();
  const second: RuntimeEvent = { kind: 'function.started', ...ofA, attempt: 2, function: 'f' };
  delivery.accept(started, 0);
  delivery.accept(second, 1);
  expect(delivered).toEqual([started]);
  const again: RuntimeEvent = { ...started, attempt: 2, cause: 'lost' };
  delivery.accept(again, 2);
  expect(delivered).toEqual([started, again, second]);
  const done: RuntimeEvent = {
    kind: 'function.finished',
    ...ofA,
    attempt: 2,
    function: 'f',
    ...ended,
  };
  const failed: RuntimeEvent = { ...finished, status: 'failed' };
  delivery.accept(failed, 3);
  delivery.accept(done, 3);
  expect(delivered.slice(3)).toEqual([done, failed]);
  const released: RuntimeEvent = {
    kind: 'cache.released',
    worker: 'w1',
    key: 'k',
    version: {},
    invocation: 'i',
    attempt: 2,
  };
  delivery.accept(released, 4);
  expect(delivered.at(-1)).toBe(released);
});

test('one invocation that waits does not hold up the scheduler for another', () => {
  const { delivery, delivered } = makeDelivery();
  delivery.accept(started, 0);
  delivery.accept(finished, 1);
  const other: RuntimeEvent = { ...started, invocation: 'j' };
  delivery.accept(other, 2);
  expect(delivered).toEqual([started, other]);
});
