/**
 * The register: an antichain of writes (protocols.md decision 2 and 2.4). The published form, one
 * clock over a set of payloads, is not associative and loses or revives writes (T3,
 * `not-lattices.test.ts`); writes with dots are.
 *
 * The order is transitive, and so the join a lattice, as long as every writer keeps one rule [CR4]:
 * what it publishes for a key includes what it published for that key before.
 */
import { assert } from '../assert.ts';
import {
  countOf,
  growClock,
  joinAllClocks,
  withCount,
  type VectorClock,
} from '../clock/vector-clock.ts';
import { compareTexts } from '../text-order.ts';
import type { WriterId } from '../ids.ts';
import { LWW_WRITER, type RegisterCapsule, type RegisterWrite } from './capsule.ts';
import { type Lattice, orderOf } from './lattice.ts';

export const isCausalWrite = (write: RegisterWrite): write is RegisterWrite & { counter: number } =>
  write.counter !== undefined;

/**
 * Negative when `a` is older: by timestamp, then writer id, then counter. Total over the writes of
 * one key.
 */
function compareAge(a: RegisterWrite, b: RegisterWrite): number {
  if (a.timestamp !== b.timestamp) return a.timestamp - b.timestamp;
  return compareTexts(a.writer, b.writer) || (a.counter ?? 0) - (b.counter ?? 0);
}

/** Whether `older` has been replaced by `newer`, which saw it or, between LWW writes, is simply later. */
function isBelow(older: RegisterWrite, newer: RegisterWrite): boolean {
  if (isCausalWrite(older)) {
    return isCausalWrite(newer) && countOf(newer.context, older.writer) >= older.counter;
  }
  if (isCausalWrite(newer)) return countOf(newer.context, LWW_WRITER) >= older.timestamp;
  return compareAge(older, newer) < 0;
}

function isSameWrite(a: RegisterWrite, b: RegisterWrite): boolean {
  if (a === b) return true;
  if (a.writer !== b.writer || a.counter !== b.counter) return false;
  if (a.counter === undefined && a.timestamp !== b.timestamp) return false;
  assert(
    a.value === b.value,
    `writer ${a.writer} wrote two values as one write (counter ${a.counter}, timestamp ${a.timestamp})`,
  );
  return true;
}

export const registerOf = (write: RegisterWrite): RegisterCapsule => ({
  kind: 'register',
  writes: [write],
});

/** Whether a write is among some, or has been replaced by one of them. */
type Knows = (write: RegisterWrite) => boolean;

const anyOf =
  (writes: readonly RegisterWrite[]): Knows =>
  (write) =>
    writes.some((held) => isSameWrite(held, write) || isBelow(write, held));

/** As {@link anyOf}, but no question takes longer when there are more writes. */
function indexOf(writes: readonly RegisterWrite[]): Knows {
  const causal = writes.filter(isCausalWrite);
  const byDot = new Map(causal.map((write) => [dotText(write), write]));
  const seen = joinAllClocks(causal.map(({ context }) => context));
  // One at most: the later one replaces the earlier.
  const amongLww = anyOf(writes.filter((write) => !isCausalWrite(write)));
  return (write) => {
    if (!isCausalWrite(write)) {
      return countOf(seen, LWW_WRITER) >= write.timestamp || amongLww(write);
    }
    const held = byDot.get(dotText(write));
    if (held !== undefined && isSameWrite(held, write)) return true;
    return countOf(seen, write.writer) >= write.counter;
  };
}

const dotText = ({ writer, counter }: RegisterWrite): string => `${counter} ${writer}`;

/** Up to so many writes an index costs more than it saves. */
const FEW_WRITES = 8;

const knowsOf = (writes: readonly RegisterWrite[], questions: number): Knows =>
  Math.min(writes.length, questions) <= FEW_WRITES ? anyOf(writes) : indexOf(writes);

/** The writes of either that no write of the other has replaced. `a` itself when `b` adds nothing. */
export function joinRegisters(a: RegisterCapsule, b: RegisterCapsule): RegisterCapsule {
  if (a === b) return a;
  const isKnown = knowsOf(a.writes, b.writes.length);
  const added = b.writes.filter((write) => !isKnown(write));
  if (added.length === 0) return a;
  const isReplaced = knowsOf(added, a.writes.length);
  const kept = a.writes.filter((held) => !isReplaced(held));
  if (kept.length === 0 && added.length === b.writes.length) return b;
  const writes = [...kept, ...added].toSorted((x, y) => compareAge(y, x));
  return { kind: 'register', writes };
}

export const registerLattice: Lattice<RegisterCapsule> = {
  bottom: { kind: 'register', writes: [] },
  join: joinRegisters,
  compare: (a, b) => orderOf(joinRegisters, a, b),
};

const dotOf = (write: RegisterWrite): readonly [WriterId, number] =>
  isCausalWrite(write) ? [write.writer, write.counter] : [LWW_WRITER, write.timestamp];

/** The clock of one write: its context and its dot. */
export function clockOfWrite(write: RegisterWrite): VectorClock {
  const [writer, count] = dotOf(write);
  if (countOf(write.context, writer) >= count) return write.context;
  return withCount(write.context, writer, count);
}

/** The join of their clocks. */
export function clockOfWrites(writes: readonly RegisterWrite[]): VectorClock {
  const clock = new Map<WriterId, number>();
  for (const write of writes) {
    growClock(clock, write.context);
    const [writer, count] = dotOf(write);
    if (count > countOf(clock, writer)) clock.set(writer, count);
  }
  return clock;
}
