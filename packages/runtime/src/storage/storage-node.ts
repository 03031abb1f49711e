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
  relationOf,
  storageAddress,
  toVersionVector,
  valueOf,
  versionOf,
  type Capsule,
  type CapsuleOrAbsent,
  type Failure,
  type Key,
  type MessageOf,
  type ProtocolStrategies,
  type RoleMessage,
  type RuntimeEvent,
  type Space,
  type StorageId,
  type VectorClock,
} from '@stormglass/core';
import type { Codec } from '../ports/codec.ts';
import type { Ports } from '../ports/ports.ts';
import type { Store, StoreEntry } from '../ports/store.ts';
import type { Address, Role } from '../ports/transport.ts';
import { CacheIndex } from './cache-index.ts';
import { CommitCoordinator } from './commit-coordinator.ts';
import type { CommitRecord } from './commit-record.ts';
import { GroupCommit } from './group-commit.ts';
import type { Ownership } from '../ports/ownership.ts';
import { parseStoreKey, RECORD_PREFIX, storeKeyOf } from './store-key.ts';

type KeyedCapsule = readonly [Key, Capsule];

export interface StorageNodeOptions {
  readonly id: StorageId;
  readonly ports: Ports;
  readonly store: Store;
  readonly codec: Codec<Capsule>;
  readonly recordCodec: Codec<CommitRecord>;
  readonly ring: Ownership;
  /** Default {@link correctedProtocol}. */
  readonly strategies?: ProtocolStrategies | undefined;
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
  readonly #index = new CacheIndex();
  readonly #groupCommit: GroupCommit;
  readonly #coordinator: CommitCoordinator;
  /** Durable state by store key, as far as it was needed since the start. */
  readonly #durable = new Map<string, CapsuleOrAbsent>();
  readonly #loading = new Map<string, (() => void)[]>();
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
    this.#groupCommit = new GroupCommit({
      store: options.store,
      codec: options.codec,
      promote: (capsules) => this.#promote(capsules),
      failed: options.onStoreFailure,
    });
    this.#coordinator = new CommitCoordinator({
      address: this.address,
      ownerOf: (key) => this.#ring.ownerOf('user', key),
      id: this.id,
      ports: options.ports,
      codec: options.recordCodec,
      saveRecord: (entry, durable) => this.#groupCommit.save([], [entry], durable),
      removeRecord: (storeKey) => this.#removeRecord(storeKey),
      mergeHere: (request, done) => this.#merge(request, done),
    });
  }

  /**
   * Finishes commits that a crash interrupted. Call once before anything else is sent here; the
   * other storage nodes have to be reachable.
   */
  async recover(): Promise<void> {
    const limit = Number.MAX_SAFE_INTEGER;
    const entries = await this.#store.scan({ prefix: RECORD_PREFIX, limit });
    for (const entry of entries) this.#coordinator.resume(entry);
    const users = await this.#store.scan({ prefix: storeKeyOf('user', ''), limit });
    this.#userKeys = users.length;
    this.#userBytes = users.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  close(): void {
    this.#closed = true;
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
    switch (message.type) {
      case 'storage.get':
        this.#withLoaded([storeKeyOf(message.space, message.key)], () => this.#onGet(message));
        break;
      case 'storage.subscribe':
        this.#onSubscribe(message);
        break;
      case 'storage.unsubscribe':
        for (const key of message.keys) this.#index.remove(key, message.from);
        break;
      case 'storage.merge':
        this.#merge(message, (versions, failure) =>
          this.#ports.transport.send(message.from, {
            type: 'stored',
            request: message.request,
            from: this.address,
            versions: [...versions],
            failure,
          }),
        );
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
      default:
        break;
    }
  }

  #onGet(message: MessageOf<'storage.get'>): void {
    if (message.subscribe) this.#index.add(message.key, message.from);
    this.#ports.transport.send(message.from, {
      type: 'got',
      request: message.request,
      from: this.address,
      space: message.space,
      key: message.key,
      found: this.#durable.get(storeKeyOf(message.space, message.key)) ?? 'absent',
    });
  }

  #onSubscribe(message: MessageOf<'storage.subscribe'>): void {
    const storeKeys = message.entries.map(([key]) => storeKeyOf('user', key));
    this.#withLoaded(storeKeys, () => {
      for (const [key, version] of message.entries) {
        this.#index.add(key, message.from);
        const held = this.#durable.get(storeKeyOf('user', key));
        if (held === undefined || held === 'absent') continue;
        if (toVersionText(versionOf(held)) !== toVersionText(version))
          this.#push(message.from, key, held);
      }
    });
  }

  #onScan(message: MessageOf<'storage.scan'>): void {
    const prefix = storeKeyOf(message.space, message.prefix);
    const after =
      message.after === undefined ? undefined : storeKeyOf(message.space, message.after);
    this.#scanFrom({ message, prefix, after, entries: [] });
  }

  /** Tombstones are skipped, so one answer may take several ranges of the store. */
  #scanFrom(scan: {
    readonly message: MessageOf<'storage.scan'>;
    readonly prefix: string;
    readonly after: string | undefined;
    readonly entries: KeyedCapsule[];
  }): void {
    const { message, entries } = scan;
    this.#store.scan({ prefix: scan.prefix, after: scan.after, limit: message.limit + 1 }).then(
      (found) => {
        let last = scan.after;
        for (const entry of found) {
          if (entries.length === message.limit) break;
          last = entry.key;
          const capsule = this.#codec.decode(entry.bytes);
          if (valueOf(capsule) !== undefined) entries.push([parseStoreKey(entry.key).key, capsule]);
        }
        const exhausted =
          found.length <= message.limit && last === (found.at(-1)?.key ?? scan.after);
        if (!exhausted && entries.length < message.limit) {
          this.#scanFrom({ ...scan, after: last });
          return;
        }
        this.#ports.transport.send(message.from, {
          type: 'scanned',
          request: message.request,
          from: this.address,
          entries: entries.map(([key, capsule]) => [key, capsule]),
          complete: exhausted,
        });
      },
      (cause: unknown) => this.#onStoreFailure(cause),
    );
  }

  #merge(
    request: {
      readonly space: Space;
      readonly writes: readonly KeyedCapsule[];
      readonly invocation?: string | undefined;
      readonly trace: boolean;
    },
    done: (versions: readonly [Key, VectorClock][], failure?: Failure) => void,
  ): void {
    const storeKeys = request.writes.map(([key]) => storeKeyOf(request.space, key));
    this.#withLoaded(storeKeys, () => {
      const joined: (readonly [string, Capsule])[] = [];
      const versions: [Key, VectorClock][] = [];
      const merged: RuntimeEvent[] = [];
      for (const [key, incoming] of request.writes) {
        const storeKey = storeKeyOf(request.space, key);
        const before = this.#newest(storeKey);
        const after =
          before === undefined ? incoming : this.#strategies.joinCapsules(before, incoming);
        if (isMismatch(after)) {
          done([], mismatchFailure(key, after.mismatch));
          return;
        }
        if (after !== before) joined.push([storeKey, after]);
        versions.push([key, versionOf(after)]);
        if (request.trace && request.space === 'user') {
          merged.push(
            this.#mergedEvent({ key, before, incoming, after, invocation: request.invocation }),
          );
        }
      }
      this.#groupCommit.save(joined, [], () => {
        for (const event of merged) this.#ports.events.emit(event);
        done(versions);
      });
    });
  }

  #mergedEvent(merge: {
    readonly key: Key;
    readonly before: Capsule | undefined;
    readonly incoming: Capsule;
    readonly after: Capsule;
    readonly invocation: string | undefined;
  }): RuntimeEvent {
    return {
      kind: 'storage.merged',
      storage: this.id,
      key: merge.key,
      before: merge.before === undefined ? undefined : toVersionVector(versionOf(merge.before)),
      incoming: toVersionVector(versionOf(merge.incoming)),
      after: toVersionVector(versionOf(merge.after)),
      relation: relationOf(merge.before, merge.incoming, merge.after),
      invocation: merge.invocation,
    };
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
      for (const cache of this.#index.cachesOf(key)) this.#push(cache, key, capsule);
    }
  }

  #push(cache: Address, key: Key, capsule: Capsule): void {
    this.#ports.transport.send(cache, { type: 'cache.update', from: this.address, key, capsule });
  }

  /** Runs `then` once all of these are in memory; at once when they are. */
  #withLoaded(storeKeys: readonly string[], then: () => void): void {
    const missing = storeKeys.filter((storeKey) => !this.#durable.has(storeKey));
    if (missing.length === 0) {
      then();
      return;
    }
    let waiting = missing.length;
    const one = (): void => {
      waiting -= 1;
      if (waiting === 0 && !this.#closed) then();
    };
    for (const storeKey of missing) this.#load(storeKey, one);
  }

  #load(storeKey: string, loaded: () => void): void {
    const queue = this.#loading.get(storeKey);
    if (queue !== undefined) {
      queue.push(loaded);
      return;
    }
    this.#loading.set(storeKey, [loaded]);
    this.#store.load(storeKey).then(
      (bytes) => {
        if (!this.#durable.has(storeKey)) {
          this.#durable.set(storeKey, bytes === undefined ? 'absent' : this.#codec.decode(bytes));
        }
        const callbacks = this.#loading.get(storeKey) ?? [];
        this.#loading.delete(storeKey);
        for (const callback of callbacks) callback();
      },
      (cause: unknown) => this.#onStoreFailure(cause),
    );
  }

  #removeRecord(storeKey: StoreEntry['key']): void {
    this.#store.remove([storeKey]).catch((cause: unknown) => this.#onStoreFailure(cause));
  }
}

const toVersionText = (clock: VectorClock): string => JSON.stringify(toVersionVector(clock));
