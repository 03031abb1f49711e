/**
 * What a lattice is: a set of values with a join that is associative, commutative and idempotent,
 * has `bottom` as its unit, and orders the values (a ≤ b iff join(a, b) is b). `lawViolations` in
 * `laws.ts` checks exactly this.
 */
import type { Ordering } from '../clock/vector-clock.ts';

export interface Lattice<T> {
  readonly bottom: T;
  /** Returns its first argument, the same reference, when the second adds nothing. */
  readonly join: (a: T, b: T) => T;
  readonly compare: (a: T, b: T) => Ordering;
}

/** The order that a join induces, for joins that keep the same-reference promise. */
export function orderOf<T>(join: (a: T, b: T) => T, a: T, b: T): Ordering {
  const aAbsorbsB = join(a, b) === a;
  const bAbsorbsA = join(b, a) === b;
  if (aAbsorbsB) return bAbsorbsA ? 'same' : 'after';
  return bAbsorbsA ? 'before' : 'concurrent';
}
