// The lattice laws over what can happen to a key: first every short history, then random longer ones.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { dependenciesCover } from '../causality/dependencies.ts';
import { clocksEqual, covers, joinClocks, type Ordering } from '../clock/vector-clock.ts';
import {
  historyArbitrary,
  type HistoryStep,
  lawViolations,
  playHistory,
} from '../testkit/index.ts';
import type { Capsule, CapsuleKind } from './capsule.ts';
import { dependenciesOf, siblingsOf, versionOf } from './capsule-view.ts';
import { counterLattice } from './counter-capsule.ts';
import { compareCapsules, isMismatch, joinCapsules } from './join-capsules.ts';
import type { Lattice } from './lattice.ts';
import { mapLattice } from './map-capsule.ts';
import { maxLattice } from './max-capsule.ts';
import { isCausalWrite, registerLattice } from './register-capsule.ts';
import { setLattice } from './set-capsule.ts';

const bottoms: { readonly [K in CapsuleKind]: Capsule } = {
  register: registerLattice.bottom,
  counter: counterLattice.bottom,
  set: setLattice.bottom,
  map: mapLattice.bottom,
  max: maxLattice.bottom,
};
const dominates: ReadonlySet<Ordering> = new Set(['after', 'same']);

const kinds = Object.keys(bottoms) as readonly CapsuleKind[];

function join(a: Capsule, b: Capsule): Capsule {
  const joined = joinCapsules(a, b);
  if (isMismatch(joined)) throw new Error(`${a.kind} met ${b.kind}`);
  return joined;
}

const latticeOf = (kind: CapsuleKind): Lattice<Capsule> => ({
  bottom: bottoms[kind],
  join,
  compare: compareCapsules,
});

const write = (
  writer: number,
  replica: number,
  level: 'lww' | 'causal',
  blind: boolean,
): Extract<HistoryStep, { act: 'write' }> => ({
  act: 'write',
  writer,
  replica,
  level,
  blind,
  remove: false,
  value: writer,
  wallMs: 0,
});

const everyStep: readonly HistoryStep[] = [
  ...[0, 1].flatMap((writer) =>
    [0, 1].flatMap((replica) =>
      [true, false].flatMap((blind) => [
        write(writer, replica, 'causal', blind),
        write(writer, replica, 'lww', blind),
      ]),
    ),
  ),
  { act: 'gossip', from: 0, to: 1 },
  { act: 'gossip', from: 1, to: 0 },
];

test('[LAT1] [CR1] every history of three steps keeps the laws of a register', () => {
  const lattice = latticeOf('register');
  const histories = everyStep.flatMap((a) =>
    everyStep.flatMap((b) => everyStep.map((c) => [a, b, c])),
  );
  const broken = histories.filter(
    (steps) => lawViolations(lattice, playHistory('register', steps).capsules).length > 0,
  );
  expect(histories).toHaveLength(18 ** 3);
  expect(broken).toEqual([]);
});

test.each(kinds)('[LAT1] [LAT2] [LAT3] a %s keeps the laws in random histories', (kind) => {
  const lattice = latticeOf(kind);
  fc.assert(
    fc.property(historyArbitrary, (steps) => {
      expect(lawViolations(lattice, playHistory(kind, steps).capsules)).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test.each(kinds)('[LAT5] version and dependencies of a %s follow its join', (kind) => {
  fc.assert(
    fc.property(historyArbitrary, (steps) => {
      const { capsules } = playHistory(kind, steps);
      for (const a of capsules) {
        for (const b of capsules) {
          const joined = join(a, b);
          const versions = joinClocks(versionOf(a), versionOf(b));
          expect(clocksEqual(versionOf(joined), versions)).toBe(true);
          if (dominates.has(compareCapsules(a, b))) {
            expect(dependenciesCover(dependenciesOf(a), dependenciesOf(b))).toBe(true);
          }
        }
      }
    }),
    { numRuns: 150 },
  );
});

/**
 * A causal write is lost when it is neither in the register nor seen, over however many steps, by a
 * write that is.
 */
function lostWrites(steps: readonly HistoryStep[], keepsRule: boolean): readonly string[] {
  const { capsules, published } = playHistory('register', steps, keepsRule);
  const final = capsules.reduce(join, registerLattice.bottom);
  const dots = published.map(({ capsule }) => newestDot(capsule));
  const present = new Set(
    final.kind === 'register' ? final.writes.filter(isCausalWrite).map(dotOf) : [],
  );
  const covered = new Set<string>();
  for (const [at, { seen }] of published.entries()) {
    const dot = dots[at];
    if (dot === undefined || seen?.kind !== 'register') continue;
    for (const seenWrite of seen.writes.filter(isCausalWrite)) covered.add(dotOf(seenWrite));
  }
  return dots.filter(
    (dot) => dot !== undefined && !present.has(dot) && !covered.has(dot),
  ) as string[];
}

const dotOf = (one: { readonly writer: string; readonly counter: number }): string =>
  `${one.writer}:${one.counter}`;

function newestDot(capsule: Capsule): string | undefined {
  if (capsule.kind !== 'register') return undefined;
  const newest = capsule.writes.filter(isCausalWrite).toSorted((a, b) => b.timestamp - a.timestamp);
  return newest[0] === undefined ? undefined : dotOf(newest[0]);
}

test('[CR11] [CR4] no causal write is lost while writers publish with what they published before', () => {
  fc.assert(
    fc.property(historyArbitrary, (steps) => {
      expect(lostWrites(steps, true)).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

// b saw a's second write only, so its clock counts the first without ever having had it.
test('[CR4] a writer that publishes a blind write alone loses the earlier one', () => {
  const steps: readonly HistoryStep[] = [
    write(0, 0, 'causal', true),
    write(0, 1, 'causal', true),
    write(1, 1, 'causal', false),
    { act: 'gossip', from: 0, to: 1 },
  ];
  expect(lostWrites(steps, true)).toEqual([]);
  expect(lostWrites(steps, false)).toEqual(['a:1']);
});

/** Whether each capsule holds every merge that its clock counts; `steps` without deletes. */
function holdsWhatItCounts(steps: readonly HistoryStep[], keepsRule: boolean): boolean {
  const { capsules, published } = playHistory('set', steps, keepsRule);
  return capsules.every((capsule) =>
    published.every(({ capsule: merge }) => {
      const isCounted = covers(versionOf(capsule), versionOf(merge));
      const isInside = dominates.has(compareCapsules(capsule, merge));
      return !isCounted || isInside;
    }),
  );
}

test('[LAT6] a clock that counts a merge means that the merge is inside, while writers keep the rule', () => {
  const keeping = historyArbitrary.map((steps) =>
    steps.map((step) => (step.act === 'write' ? { ...step, remove: false } : step)),
  );
  fc.assert(
    fc.property(keeping, (steps) => {
      expect(holdsWhatItCounts(steps, true)).toBe(true);
    }),
    { numRuns: 300 },
  );
  const apart: readonly HistoryStep[] = [
    { ...write(0, 0, 'causal', true), value: 1 },
    { ...write(0, 1, 'causal', true), value: 2 },
  ];
  expect(holdsWhatItCounts(apart, false)).toBe(false);
});

test('[CR3] siblings of a register are the same, in the same order, however it was joined', () => {
  fc.assert(
    fc.property(historyArbitrary, (steps) => {
      const { capsules } = playHistory('register', steps);
      const forward = capsules.reduce(join, registerLattice.bottom);
      const backward = capsules.toReversed().reduce(join, registerLattice.bottom);
      expect(siblingsOf(forward)).toEqual(siblingsOf(backward));
    }),
  );
});
