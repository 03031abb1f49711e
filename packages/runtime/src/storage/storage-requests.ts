/**
 * What a storage node is asked to do with the keys it owns, by a message or by its own coordinator.
 */
import type {
  Capsule,
  CapsuleKind,
  Failure,
  InvocationId,
  Key,
  Space,
  VectorClock,
} from '@stormglass/core';
import type { StoreEntry } from '../ports/store.ts';

export interface MergeRequest {
  readonly space: Space;
  readonly writes: readonly (readonly [Key, Capsule])[];
  readonly invocation?: InvocationId | undefined;
  readonly trace: boolean;
  /** Becomes durable in the same batch. */
  readonly records?: readonly StoreEntry[] | undefined;
}

export type Merge = (
  request: MergeRequest,
  done: (versions: readonly [Key, VectorClock][], failure?: Failure) => void,
) => void;

export interface KindRequest {
  /** Unique in the cluster. */
  readonly commit: string;
  readonly kinds: readonly (readonly [Key, CapsuleKind])[];
}
