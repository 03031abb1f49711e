/**
 * The storage role: one Anna node. It owns the keys that the hash ring gives it, joins every write
 * into what it holds, and pushes changes to the caches that hold the key. It may lose what it has
 * not yet acknowledged; what it has acknowledged is durable. It promises that what it serves never
 * goes back in the lattice order, also over a crash.
 */
import {
  correctedProtocol,
  encodedBytes,
  isMismatch,
  mismatchFailure,
  storageAddress,
  versionOf,
  type AnswerRecord,
  type Capsule,
  type CommitRecord,
  type Failure,
  type Key,
  type MessageOf,
  type ProtocolStrategies,
  type RoleMessage,
  type RuntimeEvent,
  type StorageId,
  type VectorClock,
} from '@stormglass/core';
import type { Codec } from '../ports/codec.ts';
import type { Ports } from '../ports/ports.ts';
import type { Store, StoreEntry } from '../ports/store.ts';
import type { Address, Role } from '../ports/transport.ts';
import { AnswerBook } from './answer-book.ts';
import { CacheIndex } from './cache-index.ts';
import { CommitCoordinator } from './commit-coordinator.ts';
import { DurableValues } from './durable-values.ts';
import { GroupCommit } from './group-commit.ts';
import type { Ownership } from '../ports/ownership.ts';
import { KindPromises } from './kind-promises.ts';
import { mergedEvent } from './merged-event.ts';
import {
  REGISTRATION_PACE,
  SILENT_ATTEMPT_TIMEOUTS,
  ATTEMPT_TIMEOUT_MS_DEFAULT,
  type RegistrationPace,
} from '../limits.ts';
import { scanRange } from './scan-range.ts';
import { Stability } from './stability.ts';
import type { KindRequest, MergeRequest } from './storage-requests.ts';
import { parseStoreKey, RECORD_PREFIX, storeKeyOf } from './store-key.ts';

export interface StorageNodeOptions {
  readonly id: StorageId;
  /** Grows with every start of the node. */
  readonly incarnation: number;
  readonly ports: Ports;
  readonly store: Store;
  readonly codec: Codec<Capsule>;
  readonly recordCodec: Codec<CommitRecord>;
  readonly answerCodec: Codec<AnswerRecord>;
  readonly ring: Ownership;
  /** Default {@link correctedProtocol}. */
  readonly strategies?: ProtocolStrategies | undefined;
  /** Default {@link REGISTRATION_PACE}. */
  readonly pace?: RegistrationPace | undefined;
  /** As the scheduler has it; default {@link ATTEMPT_TIMEOUT_MS_DEFAULT}. */
  readonly attemptTimeoutMs?: number | undefined;
  /** The disk refused or lost bytes: the node must not go on. */
  readonly onStoreFailure: (cause: unknown) => void;
}

export class StorageNode implements Role {
  readonly address: Address;
  readonly id: StorageId;
  readonly #ports: Ports;
  readonly #store: Store;
  readonly #codec: Codec<Capsule>;
  readonly #ring: Ownership;
  readonly #strategies: ProtocolStrategies;
  readonly #onStoreFailure: (cause: unknown) => void;
  readonly #index: CacheIndex;
  readonly #stability: Stability;
  readonly #groupCommit: GroupCommit;
  readonly #coordinator: CommitCoordinator;
  readonly #answers: AnswerBook;
  readonly #promises = new KindPromises();
  /** Messages that came while the store was read; `undefined` when it is. */
  #early: RoleMessage[] | undefined;
  readonly #durable: DurableValues;
  /** On their way to the disk: what they replace is the same version. */
  readonly #replaced = new WeakSet<Capsule>();
  #userKeys = 0;
  #userBytes = 0;
  #closed = false;

  constructor(options: StorageNodeOptions) {
    this.id = options.id;
    this.address = storageAddress(options.id);
    this.#ports = options.ports;
    this.#store = options.store;
    this.#codec = options.codec;
    this.#ring = options.ring;
    this.#strategies = options.strategies ?? correctedProtocol;
    this.#onStoreFailure = options.onStoreFailure;
    const { clock, random } = options.ports;
    const { pace = REGISTRATION_PACE, attemptTimeoutMs = ATTEMPT_TIMEOUT_MS_DEFAULT } = options;
    const keptMs = pace.leaseMs + SILENT_ATTEMPT_TIMEOUTS * attemptTimeoutMs;
    this.#index = new CacheIndex({ clock, random, keptMs, isFirst: options.incarnation === 1 });
    this.#durable = new DurableValues({
      store: options.store,
      codec: options.codec,
      onLoaded: (storeKey, capsule) => this.#onLoaded(storeKey, capsule),
      failed: options.onStoreFailure,
    });
    this.#groupCommit = new GroupCommit({
      store: options.store,
      codec: options.codec,
      promote: (capsules) => this.#promote(capsules),
      failed: options.onStoreFailure,
    });
    this.#answers = new AnswerBook({
      store: options.store,
      codec: options.answerCodec,
      clock: options.ports.clock,
      failed: options.onStoreFailure,
    });
    this.#coordinator = new CommitCoordinator({
      address: this.address,
      ownerOf: (key) => this.#ring.ownerOf('user', key),
      id: this.id,
      incarnation: options.incarnation,
      answers: this.#answers,
      ports: options.ports,
      codec: options.recordCodec,
      saveRecords: (entries, durable) => this.#groupCommit.save([], entries, durable),
      removeRecord: (storeKey) => this.#removeRecord(storeKey),
      mergeHere: (request, done) => this.#merge(request, done),
      promiseHere: (request, done) => this.#promise(request, done),
      releaseHere: (commit) => this.#promises.release(commit),
    });
    this.#stability = new Stability({
      incarnation: options.incarnation,
      address: this.address,
      ports: options.ports,
      ownerOf: (key) => this.#ring.ownerOf('user', key),
      index: this.#index,
      intervalMs: options.pace?.intervalMs ?? REGISTRATION_PACE.intervalMs,
      withLoaded: (keys, then) =>
        this.#durable.withLoaded(
          keys.map((key) => storeKeyOf('user', key)),
          then,
        ),
      durable: (key) => this.#durable.get(storeKeyOf('user', key)),
      replace: (capsules) => this.#replace(capsules),
    });
  }

  /**
   * Reads what an earlier incarnation left, and goes on with the commits that it did not finish.
   * What is sent here meanwhile waits. Call once, before anything is sent here.
   */
  async recover(): Promise<void> {
    this.#early = [];
    const limit = Number.MAX_SAFE_INTEGER;
    await this.#answers.load();
    const entries = await this.#store.scan({ prefix: RECORD_PREFIX, limit });
    for (const entry of entries) this.#coordinator.resume(entry);
    const early = this.#early;
    this.#early = undefined;
    for (const message of early) this.receive(message);
    const users = await this.#store.scan({ prefix: storeKeyOf('user', ''), limit });
    this.#userKeys = users.length;
    this.#userBytes = users.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** Resolves when no commit is under way; the other storage nodes have to be reachable. */
  whenIdle(): Promise<void> {
    return new Promise((resolve) => this.#coordinator.whenIdle(resolve));
  }

  close(): void {
    this.#closed = true;
    this.#durable.close();
    this.#stability.close();
    this.#coordinator.close();
  }

  /** Keys of users that this node holds, tombstones included. */
  get keys(): number {
    return this.#userKeys;
  }

  /** What they take, approximately. */
  get bytes(): number {
    return this.#userBytes;
  }

  receive(message: RoleMessage): void {
    if (this.#closed) return;
    if (this.#early !== undefined) {
      this.#early.push(message);
      return;
    }
    switch (message.type) {
      case 'storage.get':
        this.#onGet(message);
        break;
      case 'storage.register':
        this.#stability.onRegister(message);
        break;
      case 'storage.stability':
        this.#stability.onAsked(message);
        break;
      case 'storage.stable':
        this.#stability.onStable(message);
        break;
      case 'storage.unsubscribe':
        for (const key of message.keys) this.#index.remove(key, message.from);
        break;
      case 'storage.merge':
        this.#merge(message, (versions, failure) => this.#answer(message, failure, versions));
        break;
      case 'storage.prepare':
        this.#promise(message, (failure) => this.#answer(message, failure));
        break;
      case 'storage.release':
        this.#promises.release(message.commit);
        this.#answer(message);
        break;
      case 'storage.recall':
        this.#coordinator.recall(message);
        break;
      case 'storage.commit':
        this.#coordinator.commit(message);
        break;
      case 'stored':
        this.#coordinator.onStored(message);
        break;
      case 'storage.scan':
        this.#onScan(message);
        break;
      case 'storage.forget':
        this.#index.forget(message.cache);
        break;
      case 'storage.relay':
        this.#ports.transport.send(message.to, message.message);
        break;
      default:
        break;
    }
  }

  #answer(
    asked: { readonly from: Address; readonly request: number },
    failure?: Failure,
    versions: readonly [Key, VectorClock][] = [],
  ): void {
    this.#ports.transport.send(asked.from, {
      type: 'stored',
      request: asked.request,
      from: this.address,
      versions: [...versions],
      failure,
    });
  }

  #onGet(message: MessageOf<'storage.get'>): void {
    // Before the answer leaves, so that no push falls between, and before an unsubscription comes.
    const registration = message.subscribe
      ? this.#index.add(message.key, message.from).id
      : undefined;
    const storeKey = storeKeyOf(message.space, message.key);
    this.#durable.withLoaded([storeKey], () =>
      this.#ports.transport.send(message.from, {
        type: 'got',
        request: message.request,
        from: this.address,
        space: message.space,
        key: message.key,
        found: this.#durable.get(storeKey) ?? 'absent',
        registration,
      }),
    );
  }

  #onScan(message: MessageOf<'storage.scan'>): void {
    scanRange(message, { store: this.#store, codec: this.#codec }).then(
      ({ entries, complete }) =>
        this.#ports.transport.send(message.from, {
          type: 'scanned',
          request: message.request,
          from: this.address,
          entries: [...entries],
          complete,
        }),
      (cause: unknown) => this.#onStoreFailure(cause),
    );
  }

  /** Keys that exist are checked, for those that do not the kind is promised. */
  #promise(request: KindRequest, done: (failure: Failure | undefined) => void): void {
    const storeKeys = request.kinds.map(([key]) => storeKeyOf('user', key));
    this.#durable.withLoaded(storeKeys, () => {
      done(this.#promises.take(request, (key) => this.#newest(storeKeyOf('user', key))?.kind));
    });
  }

  #merge(
    request: MergeRequest,
    done: (versions: readonly [Key, VectorClock][], failure?: Failure) => void,
  ): void {
    const storeKeys = request.writes.map(([key]) => storeKeyOf(request.space, key));
    const isUser = request.space === 'user';
    const isTold = request.trace && isUser && this.#ports.events.isListening('storage.merged');
    this.#durable.withLoaded(storeKeys, () => {
      const joined: (readonly [string, Capsule])[] = [];
      const versions: [Key, VectorClock][] = [];
      const merged: RuntimeEvent[] = [];
      for (const [key, incoming] of request.writes) {
        const storeKey = storeKeyOf(request.space, key);
        const before = this.#newest(storeKey);
        const broken = isUser ? this.#promises.check(key, incoming.kind) : undefined;
        if (broken !== undefined) {
          done([], broken);
          return;
        }
        const after =
          before === undefined ? incoming : this.#strategies.joinCapsules(before, incoming);
        if (isMismatch(after)) {
          done([], mismatchFailure(key, after.mismatch));
          return;
        }
        if (after !== before) joined.push([storeKey, after]);
        versions.push([key, versionOf(after)]);
        if (isTold) {
          merged.push(
            mergedEvent({ storage: this.id, key, before, incoming, after, by: request.invocation }),
          );
        }
      }
      if (isUser) for (const [key] of request.writes) this.#promises.keep(key);
      this.#groupCommit.save(joined, request.records ?? [], () => {
        for (const event of merged) this.#ports.events.emit(event);
        done(versions);
      });
    });
  }

  /** The joined state including what is still on its way to the disk: what the next write joins into. */
  #newest(storeKey: string): Capsule | undefined {
    const pending = this.#groupCommit.pending(storeKey);
    if (pending !== undefined) return pending;
    const durable = this.#durable.get(storeKey);
    return durable === 'absent' ? undefined : durable;
  }

  #promote(capsules: ReadonlyMap<string, Capsule>): void {
    for (const [storeKey, capsule] of capsules) {
      const { space, key } = parseStoreKey(storeKey);
      const before = this.#durable.get(storeKey);
      this.#durable.set(storeKey, capsule);
      if (space !== 'user') continue;
      if (before === undefined || before === 'absent') this.#userKeys += 1;
      else this.#userBytes -= encodedBytes(before);
      this.#userBytes += encodedBytes(capsule);
      this.#stability.onDurable(key, capsule);
      // Of the version nothing has changed, and caches forget dependencies by themselves.
      if (this.#replaced.has(capsule)) continue;
      for (const cache of this.#index.pushTargets(key)) {
        this.#ports.transport.send(cache, {
          type: 'cache.update',
          from: this.address,
          key,
          capsule,
        });
      }
    }
  }

  /** Puts capsules that only lost dependencies in the place of what they were made from. */
  #replace(capsules: readonly (readonly [Key, Capsule])[]): void {
    const replaced = capsules
      .map(([key, capsule]) => [storeKeyOf('user', key), capsule] as const)
      .filter(([storeKey]) => this.#groupCommit.pending(storeKey) === undefined);
    if (replaced.length === 0) return;
    for (const [, capsule] of replaced) this.#replaced.add(capsule);
    this.#groupCommit.save(replaced, [], () => undefined);
  }

  #onLoaded(storeKey: string, capsule: Capsule): void {
    const { space, key } = parseStoreKey(storeKey);
    if (space === 'user') this.#stability.onDurable(key, capsule);
  }

  #removeRecord(storeKey: StoreEntry['key']): void {
    this.#store.remove([storeKey]).catch((cause: unknown) => this.#onStoreFailure(cause));
  }
}
