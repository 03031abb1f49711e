/**
 * The cache role: the key-value cache beside the executors of one worker. It owns copies of keys,
 * the pins of attempts that run, and the writer ids of this worker's incarnation. It may lose all
 * of it at any time; storage has what was acknowledged. It promises that the versions in its cut
 * are closed under their dependencies, and that a pinned version stays.
 */
import {
  cacheAddress,
  correctedProtocol,
  SCHEDULER,
  storageAddress,
  toVersionVector,
  versionOf,
  type CapsuleOrAbsent,
  type Key,
  type MessageOf,
  type ProtocolStrategies,
  type RoleMessage,
  type WorkerId,
} from '@stormglass/core';
import { CACHE_BYTES_MAX, LEASE_SWEEP_MS, REPORT_INTERVAL_MS } from '../limits.ts';
import type { Ports } from '../ports/ports.ts';
import type { Cancel } from '../ports/timers.ts';
import type { Address, Role } from '../ports/transport.ts';
import type { Ownership } from '../ports/ownership.ts';
import { Attempts } from './attempts.ts';
import { CacheState, type CacheCounts } from './cache-state.ts';
import { HeldVersions } from './held-versions.ts';
import { Reader } from './reader.ts';
import { StoreFetches } from './store-fetches.ts';
import { Writer } from './writer.ts';

export interface CacheOptions {
  readonly worker: WorkerId;
  /** Grows with every start of the worker; goes into the writer ids. */
  readonly incarnation: number;
  readonly ports: Ports;
  readonly ring: Ownership;
  /** Default {@link CACHE_BYTES_MAX}. */
  readonly bytesMax?: number | undefined;
  /** Default {@link correctedProtocol}. */
  readonly strategies?: ProtocolStrategies | undefined;
}

export interface CacheStatistics extends Readonly<CacheCounts> {
  readonly keys: number;
  readonly bytes: number;
  readonly pinned: number;
}

export class Cache implements Role {
  readonly address: Address;
  readonly #ports: Ports;
  readonly #state: CacheState;
  readonly #reader: Reader;
  readonly #writer: Writer;
  readonly #bytesMax: number;
  readonly #added = new Set<Key>();
  readonly #removed = new Set<Key>();
  #cancelReport: Cancel | undefined;
  #cancelSweep: Cancel;

  constructor(options: CacheOptions) {
    this.address = cacheAddress(options.worker);
    this.#ports = options.ports;
    this.#bytesMax = options.bytesMax ?? CACHE_BYTES_MAX;
    const strategies = options.strategies ?? correctedProtocol;
    const attempts = new Attempts(options.worker, options.incarnation, strategies);
    this.#state = new CacheState({
      id: options.worker,
      address: this.address,
      ports: options.ports,
      ring: options.ring,
      strategies,
      versions: new HeldVersions(strategies, (key, left) => attempts.keep(key, left)),
      attempts,
      fetches: (state) => new StoreFetches(state),
      onLearnt: (key) => this.#onLearnt(key),
    });
    this.#reader = new Reader(this.#state);
    this.#writer = new Writer(this.#state);
    this.#cancelSweep = this.#sweepLater();
  }

  receive(message: RoleMessage): void {
    switch (message.type) {
      case 'cache.get':
        this.#reader.onGet(message);
        break;
      case 'cache.pin':
        this.#reader.onPin(message);
        break;
      case 'cache.write':
        this.#writer.onWrite(message);
        break;
      case 'got':
        this.#state.fetches.onGot(message);
        break;
      case 'cache.update':
        this.#onUpdate(message);
        break;
      case 'cache.fetch':
        this.#onFetch(message);
        break;
      case 'cache.fetched':
        this.#reader.onFetched(message);
        break;
      case 'cache.finish':
        this.#onFinish(message);
        break;
      default:
        break;
    }
  }

  close(): void {
    this.#cancelReport?.();
    this.#cancelSweep();
    this.#state.fetches.close();
  }

  statistics(): CacheStatistics {
    const { versions, attempts, counts } = this.#state;
    return { keys: versions.keys, bytes: versions.bytes, pinned: attempts.pinned, ...counts };
  }

  /** Drops a key and what depends on it, as memory pressure would. */
  evict(key: Key): void {
    for (const leaving of this.#state.versions.dependents(key)) this.#evictOne(leaving);
  }

  #onUpdate(message: MessageOf<'cache.update'>): void {
    const { key } = message;
    // Not cached any more: the unsubscription is on its way. What is being fetched may be pushed
    // before the answer comes, which may be older.
    const { versions, fetches } = this.#state;
    if (versions.peek(key) === undefined && !fetches.isFetching(key)) return;
    if (!this.#state.learn(key, message.capsule)) return;
    this.#state.fetches.tryAdmit(key);
    if (this.#ports.events.isListening()) {
      this.#ports.events.emit({
        kind: 'cache.update',
        worker: this.#state.id,
        key,
        version: toVersionVector(versionOf(message.capsule)),
        from: message.from.slice(message.from.indexOf('/') + 1),
      });
    }
  }

  #onFetch(message: MessageOf<'cache.fetch'>): void {
    const { attempts, versions, strategies } = this.#state;
    const { key } = message;
    const attempt = attempts.find(message.invocation, message.attempt);
    const cut = versions.peek(key)?.cut;
    const pinned = strategies.pinnedVersion(attempt?.pins.get(key), cut);
    const found = pinned ?? (attempt?.snapshot && (attempt.snapshot.get(key) ?? cut));
    this.#ports.transport.send(message.from, {
      type: 'cache.fetched',
      request: message.request,
      from: this.address,
      key,
      found,
    });
  }

  #onFinish(message: MessageOf<'cache.finish'>): void {
    const { invocation, attempt } = message;
    const lanes = [...(this.#state.attempts.find(invocation, attempt)?.lanes.values() ?? [])];
    for (const [key, capsule] of message.committed) {
      for (const lane of lanes) lane.publish(key, capsule);
      this.#state.observe(capsule);
      if (this.#state.versions.peek(key) === undefined) {
        // The own write alone may lack what others wrote; storage has the join.
        this.#state.fetches.fetch(key, false, () => undefined);
      } else if (this.#state.learn(key, capsule)) this.#state.fetches.tryAdmit(key);
    }
    if (message.final) this.#release(message);
  }

  #release({
    invocation,
    attempt,
    trace,
    isUncertain,
  }: Pick<MessageOf<'cache.finish'>, 'invocation' | 'attempt' | 'trace' | 'isUncertain'>): void {
    for (const [key, pinned] of this.#state.attempts.end(invocation, attempt, isUncertain)) {
      if (!trace) continue;
      this.#ports.events.emit({
        kind: 'cache.released',
        worker: this.#state.id,
        key,
        version: versionVectorOf(pinned),
        invocation,
        attempt,
      });
    }
  }

  #onLearnt(key: Key): void {
    this.#added.add(key);
    this.#removed.delete(key);
    this.#reportLater();
    while (this.#state.versions.bytes > this.#bytesMax) {
      const oldest = this.#state.versions.leastRecentlyUsed();
      if (oldest === undefined || oldest === key) break;
      this.evict(oldest);
    }
  }

  #evictOne(key: Key): void {
    const held = this.#state.versions.remove(key);
    if (held === undefined) return;
    this.#state.fetches.forget(key);
    this.#added.delete(key);
    this.#removed.add(key);
    this.#reportLater();
    // Storage would get this after the request that is under way, and the answer brings the key back.
    if (!this.#state.fetches.isFetching(key)) {
      this.#ports.transport.send(storageAddress(this.#state.ring.ownerOf('user', key)), {
        type: 'storage.unsubscribe',
        from: this.address,
        keys: [key],
      });
    }
    if (this.#ports.events.isListening()) {
      this.#ports.events.emit({
        kind: 'cache.evicted',
        worker: this.#state.id,
        key,
        version: versionVectorOf(held.fresh),
      });
    }
  }

  #reportLater(): void {
    this.#cancelReport ??= this.#ports.timers.after(REPORT_INTERVAL_MS, () => {
      this.#cancelReport = undefined;
      const added = [...this.#added];
      const removed = [...this.#removed];
      this.#added.clear();
      this.#removed.clear();
      this.#ports.transport.send(SCHEDULER, {
        type: 'scheduler.report',
        worker: this.#state.id,
        added,
        removed,
      });
    });
  }

  #sweepLater(): Cancel {
    return this.#ports.timers.after(LEASE_SWEEP_MS, () => {
      for (const { invocation, attempt } of this.#state.attempts.expired(
        this.#ports.clock.nowUs(),
      )) {
        this.#release({ invocation, attempt, trace: false, isUncertain: true });
      }
      this.#cancelSweep = this.#sweepLater();
    });
  }
}

const versionVectorOf = (capsule: CapsuleOrAbsent): Readonly<Record<string, number>> =>
  capsule === 'absent' ? {} : toVersionVector(versionOf(capsule));
