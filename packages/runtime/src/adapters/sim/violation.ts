/**
 * One thing that a history does wrong: what a person reads, and the class by which a shrunk schedule
 * is known to go wrong in the same way.
 */
import type { Key } from '@stormglass/core';

/** A class of the checkers, or what only the simulator can see. */
export type ViolationKind = 'crash' | 'two-histories' | 'counter' | (string & {});

export interface Violation {
  readonly kind: ViolationKind;
  /** Where it is about one. */
  readonly key?: Key | undefined;
  /** Names invocations and versions. */
  readonly sentence: string;
}

export const isSameClass = (a: Violation, b: Violation): boolean =>
  a.kind === b.kind && a.key === b.key;
