/**
 * The capsule: the one lattice that a key holds, with the metadata that orders it (protocols.md
 * decisions 1 and 2). Immutable plain data. The kind of a key is fixed by its first write.
 */
import type { Dependencies } from '../causality/dependencies.ts';
import type { VectorClock } from '../clock/vector-clock.ts';
import type { EncodedValue, WriterId } from '../ids.ts';

export const capsuleKinds = ['register', 'counter', 'set', 'map', 'max'] as const;
export type CapsuleKind = (typeof capsuleKinds)[number];

/** Hybrid logical clock: wall milliseconds × 4096 plus a logical part. A safe integer until 2039. */
export type HybridTimestamp = number;

/** The clock entry under which every LWW write counts: its counter is the write's hybrid timestamp. */
export const LWW_WRITER: WriterId = 'lww';

/**
 * One write to a register. With `counter` it is a dotted causal event, dot = (writer, counter).
 * Without, it is an LWW write: its dot is (`lww`, timestamp), its context covers every smaller LWW
 * write, and it carries no clock and no dependencies.
 */
export interface RegisterWrite {
  readonly writer: WriterId;
  readonly timestamp: HybridTimestamp;
  readonly counter?: number | undefined;
  /** The clock of the version that this write read and replaces; empty for a blind write and for LWW. */
  readonly context: VectorClock;
  readonly dependencies: Dependencies;
  /** `null` is a tombstone (the JSON value null is the text `'null'`). */
  readonly value: EncodedValue | null;
}

/** An antichain of writes, sorted by (timestamp, writer, counter), largest first. */
export interface RegisterCapsule {
  readonly kind: 'register';
  readonly writes: readonly RegisterWrite[];
}

/** What every capsule but the register carries: a clock with one count a merge, and joined dependencies. */
export interface MergedMetadata {
  /**
   * Hybrid timestamp of the last delete, 0 when there was none. Compared first and totally ordered,
   * so a delete resets the state and the pair stays a lattice; merges into an older epoch are
   * absorbed by the delete.
   */
  readonly epoch: HybridTimestamp;
  readonly clock: VectorClock;
  readonly dependencies: Dependencies;
}

/**
 * Per writer, the sums of all increments and of all decrements: both only grow, so their maximum is
 * the join.
 */
export interface CounterShare {
  readonly up: number;
  readonly down: number;
}

export interface CounterCapsule extends MergedMetadata {
  readonly kind: 'counter';
  readonly shares: ReadonlyMap<WriterId, CounterShare>;
}

export interface SetCapsule extends MergedMetadata {
  readonly kind: 'set';
  readonly elements: ReadonlySet<EncodedValue>;
}

export interface MapField {
  readonly timestamp: HybridTimestamp;
  readonly writer: WriterId;
  readonly value: EncodedValue;
}

/** Fields merge one by one, each last-writer-wins by (timestamp, writer). */
export interface MapCapsule extends MergedMetadata {
  readonly kind: 'map';
  readonly fields: ReadonlyMap<string, MapField>;
}

export interface MaxCapsule extends MergedMetadata {
  readonly kind: 'max';
  /** `undefined` only as the bottom after a delete. */
  readonly max?: number | undefined;
}

export type Capsule = RegisterCapsule | CounterCapsule | SetCapsule | MapCapsule | MaxCapsule;

/** What `cloud.lattice.…` makes and `cloud.merge` hands over: an operand, not yet owned by a writer. */
export type MergeOperand =
  | { readonly kind: 'counter'; readonly add: number }
  | { readonly kind: 'set'; readonly elements: readonly EncodedValue[] }
  | { readonly kind: 'map'; readonly fields: readonly (readonly [string, EncodedValue])[] }
  | { readonly kind: 'max'; readonly max: number };
