// Registers with very many writes: what the join answers, and how much it looks at for that.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { NO_DEPENDENCIES } from '../causality/dependencies.ts';
import {
  clocksEqual,
  countOf,
  EMPTY_CLOCK,
  joinClocks,
  type VectorClock,
} from '../clock/vector-clock.ts';
import { LWW_WRITER, type RegisterCapsule, type RegisterWrite } from './capsule.ts';
import { versionOf } from './capsule-view.ts';
import { clockOfWrite, joinRegisters } from './register-capsule.ts';

interface Step {
  /** Which of the writes before it each write has seen: those at whole multiples of this. */
  readonly stride: number;
  readonly isBlind: boolean;
  readonly isLww: boolean;
}

const steps = fc.array(
  fc.record({
    stride: fc.integer({ min: 1, max: 9 }),
    isBlind: fc.nat(9).map((n) => n > 0),
    isLww: fc.nat(19).map((n) => n === 0),
  }),
  { minLength: 20, maxLength: 60 },
);

/** Every write has a writer of its own. */
function writesOf(history: readonly Step[]): readonly RegisterWrite[] {
  const writes: RegisterWrite[] = [];
  for (const [at, { stride, isBlind, isLww }] of history.entries()) {
    const seen = isBlind || isLww ? [] : writes.filter((_, index) => index % stride === 0);
    const base = { writer: `w${at}`, dependencies: NO_DEPENDENCIES, value: `${at}` };
    const timestamp = 1_000 + at;
    if (isLww) writes.push({ ...base, timestamp, context: EMPTY_CLOCK });
    else {
      const context = seen.map(clockOfWrite).reduce<VectorClock>(joinClocks, EMPTY_CLOCK);
      writes.push({ ...base, timestamp, counter: 1, context });
    }
  }
  return writes;
}

const isReplacedBy = (older: RegisterWrite, newer: RegisterWrite): boolean => {
  if (older.counter === undefined && newer.counter === undefined) {
    return older.timestamp < newer.timestamp;
  }
  const writer = older.counter === undefined ? LWW_WRITER : older.writer;
  return countOf(newer.context, writer) >= (older.counter ?? older.timestamp);
};

/** The maximal writes, newest first, by the definition and nothing else. */
function maximal(writes: readonly RegisterWrite[]): RegisterCapsule {
  const once = [...new Map(writes.map((write) => [write.writer, write])).values()];
  const kept = once.filter((write) => !once.some((other) => isReplacedBy(write, other)));
  return { kind: 'register', writes: kept.toSorted((a, b) => b.timestamp - a.timestamp) };
}

test('[CR1] a join of many writes is the maximal writes of both, as one by one', () => {
  const halves = fc.tuple(steps, fc.integer({ min: 2, max: 4 }));
  fc.assert(
    fc.property(halves, ([history, share]) => {
      const writes = writesOf(history);
      // Copies, as they come over the wire.
      const a = maximal(writes.filter((_, at) => at % share > 0));
      const b = maximal(structuredClone(writes.filter((_, at) => at % 3 < 2)));
      const joined = joinRegisters(a, b);
      expect(joined).toEqual(maximal([...a.writes, ...b.writes]));
      expect(joinRegisters(joined, b)).toBe(joined);
      const version = writes
        .filter((write) => a.writes.includes(write))
        .map(clockOfWrite)
        .reduce<VectorClock>(joinClocks, EMPTY_CLOCK);
      expect(clocksEqual(versionOf(a), version)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

/** How often a join looks at who wrote a write, a write. */
function looksPerWrite(siblings: number): number {
  let looks = 0;
  const counted = (writer: string, timestamp: number): RegisterWrite => ({
    get writer() {
      looks += 1;
      return writer;
    },
    timestamp,
    counter: 1,
    context: EMPTY_CLOCK,
    dependencies: NO_DEPENDENCIES,
    value: '1',
  });
  const registerFrom = (first: number): RegisterCapsule => ({
    kind: 'register',
    writes: Array.from({ length: siblings }, (_, at) => counted(`w${first + at}`, -first - at)),
  });
  // Half of the writes are the same, as where a cache is pushed what it has most of already.
  const joined = joinRegisters(registerFrom(0), registerFrom(siblings / 2));
  expect(joined.writes).toHaveLength(1.5 * siblings);
  return looks / siblings;
}

test('[CR12] a join looks at each write as often when there are ten times as many', () => {
  expect(looksPerWrite(1_000)).toBeLessThanOrEqual(1.5 * looksPerWrite(100));
});
