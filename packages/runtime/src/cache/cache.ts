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
import {
  ACCESSES_TOLD_MAX,
  ATTEMPT_LEASE_MS,
  CACHE_BYTES_MAX,
  LEASE_SWEEP_MS,
  REGISTRATION_PACE,
  REPORT_INTERVAL_MS,
  type RegistrationPace,
} from '../limits.ts';
import type { Ports } from '../ports/ports.ts';
import type { Cancel } from '../ports/timers.ts';
import type { Address, Role } from '../ports/transport.ts';
import type { Ownership } from '../ports/ownership.ts';
import { Attempts, type Attempt } from './attempts.ts';
import { brokenReason } from './broken-reason.ts';
import { CacheState, type CacheCounts } from './cache-state.ts';
import { HeldVersions } from './held-versions.ts';
import { pinAhead } from './pin-ahead.ts';
import { versionVectorOf } from './read-request.ts';
import { Reader } from './reader.ts';
import { Registrations } from './registrations.ts';
import { isSameVersion } from './same-version.ts';
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
  /** Default {@link ATTEMPT_LEASE_MS}. */
  readonly attemptLeaseMs?: number | undefined;
  /** Default {@link correctedProtocol}. */
  readonly strategies?: ProtocolStrategies | undefined;
  /** Default {@link REGISTRATION_PACE}. */
  readonly pace?: RegistrationPace | undefined;
}

export interface CacheStatistics extends Readonly<CacheCounts> {
  readonly keys: number;
  /** Of what is held, and of pinned versions besides. */
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
  /** How often it is looked for leases that have run out. */
  readonly #sweepMs: number;
  readonly #added = new Set<Key>();
  readonly #removed = new Set<Key>();
  #cancelReport: Cancel | undefined;
  #cancelSweep: Cancel;

  constructor(options: CacheOptions) {
    this.address = cacheAddress(options.worker);
    this.#ports = options.ports;
    this.#bytesMax = options.bytesMax ?? CACHE_BYTES_MAX;
    const { attemptLeaseMs = ATTEMPT_LEASE_MS } = options;
    this.#sweepMs = Math.min(LEASE_SWEEP_MS, attemptLeaseMs);
    const strategies = options.strategies ?? correctedProtocol;
    const attempts = new Attempts(options.worker, options.incarnation, strategies);
    this.#state = new CacheState({
      id: options.worker,
      incarnation: options.incarnation,
      address: this.address,
      ports: options.ports,
      ring: options.ring,
      strategies,
      versions: new HeldVersions(strategies, (key, left) => attempts.keep(key, left)),
      attempts,
      attemptLeaseMs,
      fetches: (state) => new StoreFetches(state),
      registrations: (state) => this.#registrationsOf(state, options),
      onLearnt: (key) => this.#onLearnt(key),
    });
    this.#reader = new Reader(this.#state);
    this.#writer = new Writer(this.#state);
    this.#cancelSweep = this.#sweepLater();
  }

  receive(message: RoleMessage): void {
    this.#handle(message);
    this.#trim();
  }

  #handle(message: RoleMessage): void {
    const { registrations } = this.#state;
    switch (message.type) {
      case 'cache.get':
        registrations.checkLeases(this.#ports.clock.nowUs());
        this.#reader.onGet(message);
        break;
      case 'cache.pin':
        pinAhead(this.#state, message, () => this.#reader.onGet(message));
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
      case 'cache.registered':
        registrations.onRegistered(message);
        break;
      case 'cache.fetch':
        registrations.checkLeases(this.#ports.clock.nowUs());
        this.#onFetch(message);
        break;
      case 'cache.fetched':
        this.#reader.onFetched(message);
        break;
      case 'cache.renew':
        this.#onRenew(message);
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
    this.#state.registrations.close();
  }

  statistics(): CacheStatistics {
    const { versions, attempts, counts } = this.#state;
    const isHeld = (key: Key, pinned: CapsuleOrAbsent): boolean => {
      const held = versions.peek(key);
      return held?.fresh === pinned || held?.cut === pinned;
    };
    const bytes = versions.bytes + attempts.bytesBeside(isHeld);
    return { keys: versions.keys, bytes, pinned: attempts.pinned, ...counts };
  }

  /** Drops a key and what depends on it, as memory pressure would. */
  evict(key: Key): void {
    for (const leaving of this.#state.versions.dependents(key)) this.#evictOne(leaving);
  }

  #onUpdate(message: MessageOf<'cache.update'>): void {
    const { key } = message;
    const { versions, fetches, registrations } = this.#state;
    if (versions.peek(key) === undefined) {
      if (!fetches.isFetching(key)) {
        this.#refuse(key);
        return;
      }
      // It may be pushed before the answer comes, which may be older, and which the cut waits for.
      registrations.awaitAnswer(key);
    }
    if (!this.#state.learn(key, message.capsule)) return;
    this.#state.fetches.tryAdmit(key);
    if (this.#ports.events.isListening('cache.update')) {
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
    const lanes = [
      ...(this.#state.attempts.find(invocation, attempt)?.lanes.values() ?? []),
    ].flat();
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
    const kept = this.#state.attempts.find(invocation, attempt)?.snapshot?.keys() ?? [];
    const pins = this.#state.attempts.end(invocation, attempt, isUncertain);
    for (const key of kept) this.#onReleased(key, undefined);
    const isTold = trace && this.#ports.events.isListening('cache.released');
    let left = isTold ? ACCESSES_TOLD_MAX : 0;
    for (const [key, pinned] of pins) {
      this.#onReleased(key, pinned);
      if (left === 0) continue;
      left -= 1;
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

  /** An attempt let go of a version: the floor of the key may rise, or the key is not needed any more. */
  #onReleased(key: Key, released: CapsuleOrAbsent | undefined): void {
    const { versions, registrations, fetches } = this.#state;
    const held = versions.peek(key);
    if (held !== undefined) {
      if (!isSameVersion(held.cut, released)) registrations.note(key);
    } else if (registrations.lingers(key) && !fetches.isBusy(key) && registrations.onEvicted(key)) {
      this.#unsubscribe(key);
    }
  }

  #onLearnt(key: Key): void {
    this.#added.add(key);
    this.#removed.delete(key);
    this.#reportLater();
  }

  /** Evicts what was not used for the longest time, but nothing that somebody waits for. */
  #trim(): void {
    const { versions, fetches } = this.#state;
    const mayLeave = (key: Key): boolean => {
      if (fetches.isBusy(key)) return false;
      for (const dependent of versions.dependentsOn(key))
        if (fetches.isBusy(dependent)) return false;
      return true;
    };
    while (versions.bytes > this.#bytesMax && versions.keys > 1) {
      const oldest = versions.leastRecentlyUsed(mayLeave);
      if (oldest === undefined) return;
      this.evict(oldest);
    }
  }

  #evictOne(key: Key): void {
    const held = this.#state.versions.remove(key);
    if (held === undefined) return;
    this.#added.delete(key);
    this.#removed.add(key);
    this.#reportLater();
    if (this.#state.registrations.onEvicted(key)) this.#unsubscribe(key);
    this.#state.fetches.forget(key);
    if (this.#ports.events.isListening('cache.evicted')) {
      this.#ports.events.emit({
        kind: 'cache.evicted',
        worker: this.#state.id,
        key,
        version: versionVectorOf(held.fresh),
      });
    }
  }

  #unsubscribe(key: Key): void {
    this.#ports.transport.send(storageAddress(this.#state.ring.ownerOf('user', key)), {
      type: 'storage.unsubscribe',
      from: this.address,
      keys: [key],
    });
  }

  /** Storage sent a key that is not held: the unsubscription is on its way, or lost. */
  #refuse(key: Key): void {
    const { registrations, fetches } = this.#state;
    if (!fetches.isBusy(key) && !registrations.lingers(key)) this.#unsubscribe(key);
  }

  #registrationsOf(state: CacheState, options: CacheOptions): Registrations {
    return new Registrations({
      address: this.address,
      ports: options.ports,
      ring: options.ring,
      pace: options.pace ?? REGISTRATION_PACE,
      versions: state.versions,
      attempts: state.attempts,
      onNewer: (key, capsule) => this.#onMissed(key, capsule),
      onBroken: ({ invocation, attempt }) =>
        this.#ports.transport.send(SCHEDULER, {
          type: 'scheduler.restart',
          invocation,
          attempt,
          node: '',
          reason: brokenReason(this.#state.id),
          touched: [this.#state.id],
        }),
      onCurrent: (key) => this.#state.fetches.tryAdmit(key),
    });
  }

  #onMissed(key: Key, capsule: CapsuleOrAbsent): void {
    if (this.#state.versions.peek(key) === undefined) this.#refuse(key);
    else if (this.#state.learn(key, capsule)) this.#state.fetches.tryAdmit(key);
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
    return this.#ports.timers.after(this.#sweepMs, () => {
      const expired = this.#state.attempts.expired(this.#ports.clock.nowUs());
      for (const { invocation, attempt } of expired.filter(({ isAsked }) => isAsked)) {
        this.#release({ invocation, attempt, trace: false, isUncertain: true });
      }
      this.#askAbout(expired.filter(({ isAsked }) => !isAsked));
      this.#cancelSweep = this.#sweepLater();
    });
  }

  #askAbout(attempts: readonly Attempt[]): void {
    if (attempts.length === 0) return;
    for (const attempt of attempts) {
      attempt.isAsked = true;
      attempt.expiresAtUs = this.#state.leaseEndUs();
    }
    this.#ports.transport.send(SCHEDULER, {
      type: 'scheduler.attempts',
      from: this.address,
      attempts: attempts.map(({ invocation, attempt }) => ({ invocation, attempt })),
    });
  }

  #onRenew(message: MessageOf<'cache.renew'>): void {
    for (const { invocation, attempt } of message.attempts) {
      const kept = this.#state.attempts.find(invocation, attempt);
      if (kept === undefined) continue;
      kept.isAsked = false;
      kept.expiresAtUs = this.#state.leaseEndUs();
    }
  }
}
