/**
 * One thing that a history does wrong: what a person reads, and the class by which a shrunk schedule
 * is known to go wrong in the same way.
 */
import type { Key } from '@stormglass/core';

export type ViolationKind =
  | 'answers'
  | 'repeatable-read'
  | 'causal-read'
  | 'read-cut'
  | 'lost-write'
  | 'divergence'
  | 'leftover'
  | 'counter'
  | 'crash'
  | 'two-histories';

export interface Violation {
  readonly kind: ViolationKind;
  /** Where it is about one. */
  readonly key?: Key | undefined;
  /** Names invocations and versions. */
  readonly sentence: string;
}

export const isSameClass = (a: Violation, b: Violation): boolean =>
  a.kind === b.kind && a.key === b.key;
