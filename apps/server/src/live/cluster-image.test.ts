import {
  emptyClusterView,
  INVOCATIONS_IN_VIEW_MAX,
  reduceClusterView,
  toldEvent,
  type ClusterView,
  type RuntimeEvent,
} from '@stormglass/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ClusterImage } from './cluster-image.ts';
import { EventLog } from './event-log.ts';

const ofNode = (invocation: string) =>
  ({ invocation, attempt: 1, node: 'f', worker: 'w1', executor: 'w1/e1' }) as const;

const functionEndOf = (invocation: string): RuntimeEvent => ({
  kind: 'function.finished',
  function: 'f',
  ...ofNode(invocation),
  status: 'succeeded',
  durationUs: 5,
});

const endOf = (invocation: string): RuntimeEvent => ({
  kind: 'invocation.finished',
  invocation,
  status: 'succeeded',
  durationUs: 9,
  attempts: 1,
});

/** What happens to one invocation, in order; some never end while somebody watches. */
const life = (invocation: string, hasEnd: boolean): readonly RuntimeEvent[] => [
  {
    kind: 'invocation.started',
    invocation,
    attempt: 1,
    dag: 'd',
    dagVersion: 1,
    consistency: 'lww',
    schedule: { f: { worker: 'w1', executor: 'w1/e1' } },
  },
  { kind: 'function.started', function: 'f', ...ofNode(invocation) },
  {
    kind: 'cache.read',
    ...ofNode(invocation),
    key: 'k',
    outcome: 'hit',
    version: {},
    siblings: 0,
    rule: 'lww/local',
    because: 'w1 holds k.',
    bytes: 0,
    durationUs: 1,
  },
  ...(hasEnd ? [functionEndOf(invocation), endOf(invocation)] : []),
];

const run = fc.record({
  hasEnd: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.constant(false)),
  /** Whether the next one starts before this one has ended. */
  overlaps: fc.boolean(),
});

test('an image shows what all events together tell, however few of them the log still has', () => {
  const runs = fc.array(run, {
    minLength: INVOCATIONS_IN_VIEW_MAX,
    maxLength: INVOCATIONS_IN_VIEW_MAX * 4,
    size: 'max',
  });
  // So few that events leave the log between them.
  const asks = fc
    .array(fc.nat(INVOCATIONS_IN_VIEW_MAX * 4), { maxLength: 2 })
    .map((places) => new Set(places));
  fc.assert(
    fc.property(runs, fc.integer({ min: 1, max: 900 }), asks, (drawn, capacity, asked) => {
      const image = new ClusterImage();
      const log = new EventLog(capacity, image);
      image.follow(log);
      let expected: ClusterView = emptyClusterView;
      const append = (event: RuntimeEvent): void => {
        log.append(toldEvent(log.newest, event));
        expected = reduceClusterView(expected, { seq: log.newest, at: log.newest - 1, ...event });
      };
      append({ kind: 'cluster.changed', change: 'worker-joined', id: 'w1' });
      let rest: readonly RuntimeEvent[] = [];
      drawn.forEach(({ hasEnd, overlaps }, index) => {
        const events = life(`i${index}`, hasEnd);
        const first = overlaps ? 2 : events.length;
        [...events.slice(0, first), ...rest].forEach(append);
        rest = events.slice(first);
        if (asked.has(index)) expect(image.image().view).toEqual(expected);
      });
      expect(image.image()).toEqual({ seq: log.newest, view: expected });
    }),
    { numRuns: 60, endOnFailure: true },
  );
});

test('an invocation that is over and long past is never read', () => {
  const image = new ClusterImage();
  const log = new EventLog(INVOCATIONS_IN_VIEW_MAX * 5, image);
  let read = 0;
  for (let index = 0; index < INVOCATIONS_IN_VIEW_MAX * 10; index += 1) {
    for (const event of life(`i${index}`, true)) {
      if (event.kind === 'cache.read') continue;
      const told = toldEvent(index, event);
      const { at, kind, invocation, length } = told;
      const countRead = (): RuntimeEvent => {
        read += 1;
        return event;
      };
      log.append({ at, kind, invocation, length, event: countRead, text: () => told.text() });
    }
  }
  expect(log.oldest).toBeGreaterThan(INVOCATIONS_IN_VIEW_MAX * 30);
  expect(read).toBe(0);
});
