/**
 * Vector clocks: writer → count, absent is 0 (protocols.md 2.4, "order used everywhere"; T1).
 * A `Map`, not an object: a writer named `__proto__` must not disappear.
 */
import { copyOfMap } from '../copy-of-map.ts';
import type { WriterId } from '../ids.ts';
import { compareTexts } from '../text-order.ts';

export type VectorClock = ReadonlyMap<WriterId, number>;
export type Ordering = 'before' | 'same' | 'after' | 'concurrent';

export const EMPTY_CLOCK: VectorClock = new Map();

/** The clock of these entries; a repeated writer keeps its largest count, zeros are dropped. */
export function clockOf(entries: Iterable<readonly [WriterId, number]>): VectorClock {
  const clock = new Map<WriterId, number>();
  for (const [writer, count] of entries) {
    if (count > (clock.get(writer) ?? 0)) clock.set(writer, count);
  }
  return clock;
}

export const countOf = (clock: VectorClock, writer: WriterId): number => clock.get(writer) ?? 0;

/** Whether `clock` has seen everything in `required`: required ≤ clock. */
export function covers(clock: VectorClock, required: VectorClock): boolean {
  if (clock === required) return true;
  for (const [writer, count] of required) {
    if (countOf(clock, writer) < count) return false;
  }
  return true;
}

export function compareClocks(a: VectorClock, b: VectorClock): Ordering {
  const aCoversB = covers(a, b);
  const bCoversA = covers(b, a);
  if (aCoversB) return bCoversA ? 'same' : 'after';
  return bCoversA ? 'before' : 'concurrent';
}

export const clocksEqual = (a: VectorClock, b: VectorClock): boolean =>
  covers(a, b) && covers(b, a);

/** The pointwise maximum; `a` itself when `b` adds nothing. */
export function joinClocks(a: VectorClock, b: VectorClock): VectorClock {
  if (covers(a, b)) return a;
  if (a.size === 0) return b;
  const joined = copyOfMap(a);
  for (const [writer, count] of b) {
    if (count > countOf(a, writer)) joined.set(writer, count);
  }
  return joined;
}

/** The pointwise maximum of all of them, in one pass over their entries. */
export function joinAllClocks(clocks: readonly VectorClock[]): VectorClock {
  const first = clocks[0] ?? EMPTY_CLOCK;
  let joined: Map<WriterId, number> | undefined;
  for (let index = 1; index < clocks.length; index += 1) {
    for (const [writer, count] of clocks[index] ?? EMPTY_CLOCK) {
      if (count <= countOf(joined ?? first, writer)) continue;
      joined ??= copyOfMap(first);
      joined.set(writer, count);
    }
  }
  return joined ?? first;
}

/** Raises `clock`, which is the caller's own, to cover `other`. */
export function growClock(clock: Map<WriterId, number>, other: VectorClock): void {
  for (const [writer, count] of other) {
    if (count > countOf(clock, writer)) clock.set(writer, count);
  }
}

/** With one more count, which is larger than what it has of this writer. */
export const withCount = (clock: VectorClock, writer: WriterId, count: number): VectorClock =>
  copyOfMap(clock).set(writer, count);

/** The pointwise minimum: what both have seen. `a` itself when `b` covers it. */
export function meetClocks(a: VectorClock, b: VectorClock): VectorClock {
  if (covers(b, a)) return a;
  const met = new Map<WriterId, number>();
  for (const [writer, count] of a) {
    const both = Math.min(count, countOf(b, writer));
    if (both > 0) met.set(writer, both);
  }
  return met;
}

/** A sentence names no more writers of a clock than this: those of a hot key can be thousands. */
const WRITERS_TOLD_MAX = 32;

/**
 * For people and logs: `{w1.1:3,w2.1:1}`, writers sorted, zeros left out; of very many writers the
 * first, and how many more there are.
 */
export function formatClock(clock: VectorClock): string {
  const parts = [...clock]
    .filter(([, count]) => count > 0)
    .toSorted(([a], [b]) => compareTexts(a, b))
    .map(([writer, count]) => `${writer}:${count}`);
  const rest = parts.length - WRITERS_TOLD_MAX;
  if (rest > 0) parts.splice(WRITERS_TOLD_MAX, rest, `and ${rest} more`);
  return `{${parts.join(',')}}`;
}
