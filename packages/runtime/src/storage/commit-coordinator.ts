/**
 * Commits the writes of an invocation as one (protocols.md decision 5): first every owner of a key
 * promises to take its part, then a durable record of all of them, then a merge at each owner, then
 * the answer. After a crash the record is read again and the merges are repeated; they are joins of
 * the same dots, so repeating them changes nothing. When one node owns every key, its atomic batch
 * is the record. The answer that is kept for a request becomes durable in the same batch.
 */
import type {
  CommitRecord,
  Failure,
  InvocationAnswer,
  Key,
  MessageOf,
  StorageId,
} from '@stormglass/core';
import type { Codec } from '../ports/codec.ts';
import type { Ports } from '../ports/ports.ts';
import type { StoreEntry } from '../ports/store.ts';
import type { Address } from '../ports/transport.ts';
import type { AnswerBook } from './answer-book.ts';
import { Commit } from './commit.ts';
import { OwnerLink } from './owner-link.ts';
import { RequestTurns } from './request-turns.ts';
import { RECORD_PREFIX } from './store-key.ts';
import type { KindRequest, Merge, MergeRequest } from './storage-requests.ts';

export interface CommitCoordinatorOptions {
  readonly address: Address;
  readonly id: StorageId;
  readonly incarnation: number;
  readonly ownerOf: (key: Key) => StorageId;
  readonly ports: Ports;
  readonly codec: Codec<CommitRecord>;
  readonly answers: AnswerBook;
  /** Saves all of it in one atomic batch. */
  readonly saveRecords: (entries: readonly StoreEntry[], durable: () => void) => void;
  readonly removeRecord: (storeKey: string) => void;
  readonly mergeHere: Merge;
  readonly promiseHere: (
    request: KindRequest,
    done: (failure: Failure | undefined) => void,
  ) => void;
  readonly releaseHere: (commit: string) => void;
}

export class CommitCoordinator {
  readonly #options: CommitCoordinatorOptions;
  readonly #owners: OwnerLink;
  readonly #underWay = new Map<string, Commit>();
  readonly #turns = new RequestTurns();
  #whenIdle: (() => void)[] = [];

  constructor(options: CommitCoordinatorOptions) {
    this.#options = options;
    const { address, incarnation, ports } = options;
    this.#owners = new OwnerLink({ address, incarnation, ports });
  }

  commit(message: MessageOf<'storage.commit'>): void {
    const { invocation, attempt, ordinal, writes, trace, kept } = message;
    const record = { invocation, attempt, ordinal, writes, identityKey: kept?.identity.key };
    const fresh = new Commit({ record, trace, kept, ownerOf: this.#options.ownerOf });
    const known = this.#underWay.get(fresh.id);
    const commit = known ?? fresh;
    commit.askers.set(message.from, message.request);
    if (known !== undefined) return;
    this.#underWay.set(commit.id, commit);
    if (kept === undefined) this.#decide(commit);
    else this.#turns.take(kept.identity.key, () => this.#decideOnce(commit));
  }

  /** Goes on with a record found after a restart. Nobody waits for the answer any more. */
  resume(entry: StoreEntry): void {
    const record = this.#options.codec.decode(entry.bytes);
    const { ownerOf, promiseHere } = this.#options;
    const commit = new Commit({ record, trace: false, ownerOf });
    this.#underWay.set(commit.id, commit);
    const goOn = (): void => {
      // What was promised before the crash holds: nobody has been served since.
      promiseHere(commit.kindsAt(this.#options.id), () => undefined);
      this.#mergeAll(commit);
    };
    if (record.identityKey === undefined) goOn();
    else this.#turns.take(record.identityKey, goOn);
  }

  /** Waits for a commit of the same request, if one is under way. */
  recall(message: MessageOf<'storage.recall'>): void {
    const { answers, address, ports } = this.#options;
    const { key, request, from } = message;
    this.#turns.take(key, () =>
      answers.find(key, (found) => {
        ports.transport.send(from, { type: 'recalled', request, from: address, found });
        this.#turns.leave(key);
      }),
    );
  }

  onStored(message: MessageOf<'stored'>): void {
    this.#owners.onStored(message);
  }

  /** Calls back when no commit is under way. */
  whenIdle(then: () => void): void {
    if (this.#underWay.size === 0) then();
    else this.#whenIdle.push(then);
  }

  close(): void {
    this.#owners.close();
  }

  /** The first commit for a request wins; the others learn its answer. */
  #decideOnce(commit: Commit): void {
    const { kept } = commit;
    if (kept === undefined) return;
    this.#options.answers.find(kept.identity.key, (found) => {
      if (found === undefined) this.#decide(commit);
      else if (found.answer.invocation === commit.record.invocation) this.#settle(commit);
      else this.#settle(commit, undefined, found.answer);
    });
  }

  #decide(commit: Commit): void {
    const { id, mergeHere } = this.#options;
    const kept = commit.kept === undefined ? undefined : this.#options.answers.entryOf(commit.kept);
    const isAllHere = commit.owners.every((owner) => owner === id);
    if (isAllHere) {
      const records = kept === undefined ? [] : [kept.entry];
      mergeHere({ ...commit.mergeAt(id), records }, (_, failure) => {
        if (failure === undefined && kept !== undefined) this.#options.answers.kept(kept);
        this.#settle(commit, failure);
      });
      return;
    }
    this.#promiseAll(commit, () => {
      const bytes = this.#options.codec.encode(commit.record);
      const record = { key: `${RECORD_PREFIX}${commit.id}`, bytes };
      this.#options.saveRecords(kept === undefined ? [record] : [record, kept.entry], () => {
        if (kept !== undefined) this.#options.answers.kept(kept);
        this.#mergeAll(commit);
      });
    });
  }

  #promiseAll(commit: Commit, then: () => void): void {
    let waitingFor = commit.owners.length;
    let refused: Failure | undefined;
    const one = (failure: Failure | undefined): void => {
      refused ??= failure;
      waitingFor -= 1;
      if (waitingFor > 0) return;
      if (refused === undefined) then();
      else {
        this.#release(commit);
        this.#settle(commit, refused);
      }
    };
    for (const owner of commit.owners) {
      const request = commit.kindsAt(owner);
      if (owner === this.#options.id) this.#options.promiseHere(request, one);
      else this.#owners.prepare(owner, request, one);
    }
  }

  #release(commit: Commit): void {
    for (const owner of commit.owners) {
      if (owner === this.#options.id) this.#options.releaseHere(commit.id);
      else this.#owners.release(owner, commit.id);
    }
  }

  #mergeAll(commit: Commit): void {
    let waitingFor = commit.owners.length;
    const one = (failure: Failure | undefined): void => {
      commit.failure ??= failure;
      waitingFor -= 1;
      if (waitingFor > 0) return;
      this.#options.removeRecord(`${RECORD_PREFIX}${commit.id}`);
      this.#settle(commit, commit.failure);
    };
    for (const owner of commit.owners) {
      const request: MergeRequest = commit.mergeAt(owner);
      if (owner === this.#options.id) {
        this.#options.mergeHere(request, (_, failure) => one(failure));
      } else this.#owners.merge(owner, request, one);
    }
    if (commit.owners.length === 0) this.#settle(commit);
  }

  #settle(commit: Commit, failure?: Failure, earlier?: InvocationAnswer): void {
    const { ports, address } = this.#options;
    this.#underWay.delete(commit.id);
    for (const [from, request] of commit.askers) {
      const answer = { request, from: address, versions: [], failure, earlier };
      ports.transport.send(from, { type: 'stored', ...answer });
    }
    const { identityKey } = commit.record;
    if (identityKey !== undefined) this.#turns.leave(identityKey);
    if (this.#underWay.size > 0) return;
    for (const idle of this.#whenIdle.splice(0)) idle();
  }
}
