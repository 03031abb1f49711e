/**
 * One commit under way at its coordinator.
 */
import type { CommitRecord, Failure, KeptAnswer, Key, StorageId } from '@stormglass/core';
import type { Address } from '../ports/transport.ts';

import type { KindRequest, MergeRequest } from './storage-requests.ts';

export interface CommitOptions {
  readonly record: CommitRecord;
  readonly trace: boolean;
  readonly kept?: KeptAnswer | undefined;
  readonly ownerOf: (key: Key) => StorageId;
}

export class Commit {
  readonly record: CommitRecord;
  /** Unique in the cluster: an invocation counts its commits. */
  readonly id: string;
  readonly kept: KeptAnswer | undefined;
  /** Of the keys, each once. */
  readonly owners: readonly StorageId[];
  /** Who waits for the answer, and the number of the last request. */
  readonly askers = new Map<Address, number>();
  failure: Failure | undefined;
  readonly #ownerOf: (key: Key) => StorageId;
  readonly #trace: boolean;

  constructor({ record, trace, kept, ownerOf }: CommitOptions) {
    this.record = record;
    this.id = `${record.invocation}.${record.attempt}.${record.ordinal}`;
    this.kept = kept;
    this.owners = [...new Set(record.writes.map(([key]) => ownerOf(key)))];
    this.#ownerOf = ownerOf;
    this.#trace = trace;
  }

  kindsAt(owner: StorageId): KindRequest {
    const mine = this.record.writes.filter(([key]) => this.#ownerOf(key) === owner);
    return { commit: this.id, kinds: mine.map(([key, { kind }]) => [key, kind]) };
  }

  mergeAt(owner: StorageId): MergeRequest {
    return {
      space: 'user',
      writes: this.record.writes.filter(([key]) => this.#ownerOf(key) === owner),
      invocation: this.record.invocation,
      trace: this.#trace,
    };
  }
}
