/**
 * What is durable of a commit before its first merge: who wrote, and all of what.
 */
import { storageCommit, type Capsule, type InvocationId, type Key } from '@stormglass/core';

export interface CommitRecord {
  readonly invocation: InvocationId;
  readonly attempt: number;
  readonly writes: readonly (readonly [Key, Capsule])[];
}

const schema = storageCommit.pick({ invocation: true, attempt: true, writes: true });

/** Throws on anything but a commit record. */
export const parseCommitRecord = (value: unknown): CommitRecord => schema.parse(value);
