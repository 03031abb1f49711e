/**
 * Commits the writes of an invocation as one (protocols.md decision 5): first a durable record of
 * all of them, then a merge at the owner of each key, then the answer. After a crash the record is
 * read again and the merges are repeated; they are joins of the same dots, so repeating them
 * changes nothing. When one node owns every key, its atomic batch is the record.
 */
import {
  storageAddress,
  type Capsule,
  type Failure,
  type InvocationId,
  type Key,
  type MessageOf,
  type Space,
  type StorageId,
  type VectorClock,
} from '@stormglass/core';
import type { Codec } from '../ports/codec.ts';
import type { Ports } from '../ports/ports.ts';
import type { StoreEntry } from '../ports/store.ts';
import type { Cancel } from '../ports/timers.ts';
import type { Address } from '../ports/transport.ts';
import type { CommitRecord } from './commit-record.ts';
import { RECORD_PREFIX } from './store-key.ts';

interface MergeRequest {
  readonly space: Space;
  readonly writes: readonly (readonly [Key, Capsule])[];
  readonly invocation?: InvocationId | undefined;
  readonly trace: boolean;
}

export interface CommitCoordinatorOptions {
  readonly address: Address;
  readonly id: StorageId;
  readonly ownerOf: (key: Key) => StorageId;
  readonly ports: Ports;
  readonly codec: Codec<CommitRecord>;
  readonly saveRecord: (entry: StoreEntry, durable: () => void) => void;
  readonly removeRecord: (storeKey: string) => void;
  readonly mergeHere: (
    request: MergeRequest,
    done: (versions: readonly [Key, VectorClock][], failure?: Failure) => void,
  ) => void;
}

interface Commit {
  readonly record: CommitRecord;
  readonly storeKey: string;
  readonly trace: boolean;
  readonly versions: [Key, VectorClock][];
  readonly waitingFor: Set<StorageId>;
  /** Whether a record was saved, which then has to go when every merge is durable. */
  isRecorded: boolean;
  failure: Failure | undefined;
  answer: (commit: Commit) => void;
}

/** A merge whose answer was lost is sent again after this time; joins are idempotent. */
const MERGE_RETRY_MS = 1_000;

export class CommitCoordinator {
  readonly #options: CommitCoordinatorOptions;
  readonly #outstanding = new Map<
    number,
    { readonly commit: Commit; readonly owner: StorageId; readonly cancel: Cancel }
  >();
  #lastRequest = 0;

  constructor(options: CommitCoordinatorOptions) {
    this.#options = options;
  }

  commit(message: MessageOf<'storage.commit'>): void {
    const record: CommitRecord = {
      invocation: message.invocation,
      attempt: message.attempt,
      writes: message.writes,
    };
    const commit = this.#newCommit(record, message.trace, ({ versions, failure }) =>
      this.#options.ports.transport.send(message.from, {
        type: 'stored',
        request: message.request,
        from: this.#options.address,
        versions,
        failure,
      }),
    );
    if (commit.waitingFor.size === 1 && commit.waitingFor.has(this.#options.id)) {
      this.#mergeAll(commit);
      return;
    }
    commit.isRecorded = true;
    const entry = { key: commit.storeKey, bytes: this.#options.codec.encode(record) };
    this.#options.saveRecord(entry, () => this.#mergeAll(commit));
  }

  /** Goes on with a record found after a restart. Nobody waits for the answer any more. */
  resume(entry: StoreEntry): void {
    const record = this.#options.codec.decode(entry.bytes);
    const commit = this.#newCommit(record, false, () => undefined);
    commit.isRecorded = true;
    this.#mergeAll(commit);
  }

  onStored(message: MessageOf<'stored'>): void {
    const outstanding = this.#outstanding.get(message.request);
    if (outstanding === undefined) return;
    this.#outstanding.delete(message.request);
    outstanding.cancel();
    this.#settle(outstanding.commit, outstanding.owner, message.versions, message.failure);
  }

  close(): void {
    for (const { cancel } of this.#outstanding.values()) cancel();
    this.#outstanding.clear();
  }

  #newCommit(record: CommitRecord, trace: boolean, answer: (commit: Commit) => void): Commit {
    return {
      record,
      storeKey: `${RECORD_PREFIX}${record.invocation}.${record.attempt}`,
      trace,
      versions: [],
      waitingFor: new Set(record.writes.map(([key]) => this.#options.ownerOf(key))),
      isRecorded: false,
      failure: undefined,
      answer,
    };
  }

  #mergeAll(commit: Commit): void {
    for (const owner of [...commit.waitingFor]) this.#mergeAt(commit, owner);
  }

  #mergeAt(commit: Commit, owner: StorageId): void {
    const request: MergeRequest = {
      space: 'user',
      writes: commit.record.writes.filter(([key]) => this.#options.ownerOf(key) === owner),
      invocation: commit.record.invocation,
      trace: commit.trace,
    };
    if (owner === this.#options.id) {
      this.#options.mergeHere(request, (versions, failure) =>
        this.#settle(commit, owner, versions, failure),
      );
      return;
    }
    this.#lastRequest += 1;
    const number = this.#lastRequest;
    const cancel = this.#options.ports.timers.after(MERGE_RETRY_MS, () => {
      if (this.#outstanding.delete(number)) this.#mergeAt(commit, owner);
    });
    this.#outstanding.set(number, { commit, owner, cancel });
    this.#options.ports.transport.send(storageAddress(owner), {
      type: 'storage.merge',
      request: number,
      from: this.#options.address,
      space: request.space,
      writes: request.writes.map(([key, capsule]) => [key, capsule]),
      invocation: request.invocation,
      trace: request.trace,
    });
  }

  #settle(
    commit: Commit,
    owner: StorageId,
    versions: readonly [Key, VectorClock][],
    failure: Failure | undefined,
  ): void {
    if (!commit.waitingFor.delete(owner)) return;
    commit.versions.push(...versions);
    commit.failure ??= failure;
    if (commit.waitingFor.size > 0) return;
    if (commit.isRecorded) this.#options.removeRecord(commit.storeKey);
    commit.answer(commit);
  }
}
