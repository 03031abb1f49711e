/**
 * Dependency garbage collection (protocols.md 2.8, X1): which versions of this node's keys every
 * place covers, and forgetting the dependencies that this node's values have on such versions of
 * any node's keys. All of it happens between writes and reads, never during one.
 */
import {
  covers,
  dependenciesOf,
  EMPTY_CLOCK,
  hasDependencies,
  must,
  storageAddress,
  versionOf,
  withoutStableDependencies,
  type Capsule,
  type CapsuleOrAbsent,
  type Key,
  type MessageOf,
  type StorageId,
  type VectorClock,
} from '@stormglass/core';
import { firstRequest } from '../limits.ts';
import type { Ports } from '../ports/ports.ts';
import type { Cancel } from '../ports/timers.ts';
import type { Address } from '../ports/transport.ts';
import type { CacheIndex, Registration } from './cache-index.ts';

export interface StabilityOptions {
  readonly incarnation: number;
  readonly address: Address;
  readonly ports: Ports;
  readonly ownerOf: (key: Key) => StorageId;
  readonly index: CacheIndex;
  readonly intervalMs: number;
  /** Runs `then` when what is durable of these keys is in memory. */
  readonly withLoaded: (keys: readonly Key[], then: () => void) => void;
  readonly durable: (key: Key) => CapsuleOrAbsent | undefined;
  /** Saves capsules that differ from what is durable only in dependencies. */
  readonly replace: (capsules: readonly (readonly [Key, Capsule])[]) => void;
}

/** Values looked at in one round; the others have their turn in the next ones. */
const VALUES_PER_ROUND = 1_000;
/**
 * And what they depend on, all together: the values that one session wrote may depend on hundreds of
 * thousands of versions, and requests must not wait for these to be looked at.
 */
const DEPENDENCIES_PER_ROUND = 20_000;
/** While nothing changes, the next round is at most this many intervals away. */
const INTERVALS_MAX = 8;

export class Stability {
  readonly #options: StabilityOptions;
  /** Keys of this node whose durable value has dependencies; those looked at last come last. */
  readonly #dependents = new Set<Key>();
  /** Request → the keys that depend on what was asked about. */
  readonly #asked = new Map<number, readonly Key[]>();
  #lastRequest: number;
  #lastOfRoundBefore: number;
  /** Until the next round; longer while nothing changes. */
  #delayMs: number;
  #cancel: Cancel | undefined;

  constructor(options: StabilityOptions) {
    this.#options = options;
    this.#lastRequest = firstRequest(options.incarnation);
    this.#lastOfRoundBefore = this.#lastRequest;
    this.#delayMs = options.intervalMs;
  }

  /** A value is durable now, or was loaded. */
  onDurable(key: Key, capsule: Capsule): void {
    if (!hasDependencies(capsule)) this.#dependents.delete(key);
    else {
      this.#dependents.add(key);
      this.#delayMs = this.#options.intervalMs;
      this.#wakeLater();
    }
  }

  onRegister(message: MessageOf<'storage.register'>): void {
    const { entries } = message;
    const keys = entries.map(({ key }) => key);
    this.#options.withLoaded(keys, () => {
      const { index } = this.#options;
      const registration = index.open(message.from);
      const isRenewed = registration.id === message.registration;
      if (!isRenewed) {
        this.#answer(message, registration, { isRenewed, newer: [], stable: new Map() });
        return;
      }
      const newer = new Set<Key>();
      for (const { key, version, floor } of entries) {
        const before = this.#stableOf(key);
        index.confirm(key, message.from, floor ?? version);
        if (!covers(version, this.#durableClock(key))) newer.add(key);
        const after = this.#stableOf(key);
        // Until this node knows of all caches there is nothing to tell, and then there is.
        if (after === undefined || !covers(before ?? EMPTY_CLOCK, after)) index.tellLater(key);
      }
      for (const key of index.missed(registration, (missed) => this.#durableClock(missed))) {
        newer.add(key);
      }
      this.#answer(message, registration, {
        isRenewed,
        newer: [...newer].flatMap((key): [Key, Capsule][] => {
          const capsule = this.#options.durable(key);
          return capsule === undefined || capsule === 'absent' ? [] : [[key, capsule]];
        }),
        stable: this.#untold(registration),
      });
    });
  }

  /** Another node, or this one, has values that depend on keys of this one. */
  onAsked(message: MessageOf<'storage.stability'>): void {
    this.#options.withLoaded(message.keys, () => {
      const stable = new Map<Key, VectorClock>();
      for (const key of message.keys) {
        const clock = this.#stableOf(key);
        if (clock !== undefined && clock.size > 0) stable.set(key, clock);
      }
      const answer = { type: 'storage.stable', request: message.request, stable } as const;
      this.#options.ports.transport.send(message.from, answer);
    });
  }

  onStable(message: MessageOf<'storage.stable'>): void {
    const keys = this.#asked.get(message.request) ?? [];
    this.#asked.delete(message.request);
    const replaced: (readonly [Key, Capsule])[] = [];
    for (const key of keys) {
      const before = this.#options.durable(key);
      if (before === undefined || before === 'absent') continue;
      const after = withoutStableDependencies(before, (other) => message.stable.get(other));
      if (after !== before) replaced.push([key, after]);
    }
    if (replaced.length > 0) this.#delayMs = this.#options.intervalMs;
    this.#options.replace(replaced);
  }

  close(): void {
    this.#cancel?.();
  }

  #answer(
    message: MessageOf<'storage.register'>,
    registration: Registration,
    answer: Pick<MessageOf<'cache.registered'>, 'isRenewed' | 'newer' | 'stable'>,
  ): void {
    this.#options.ports.transport.send(message.from, {
      type: 'cache.registered',
      from: this.#options.address,
      registration: registration.id,
      round: message.round,
      ...answer,
    });
  }

  #untold(registration: Registration): Map<Key, VectorClock> {
    const stable = new Map<Key, VectorClock>();
    for (const key of registration.untold) {
      const clock = this.#stableOf(key);
      if (clock === undefined) continue;
      registration.untold.delete(key);
      if (clock.size > 0) stable.set(key, clock);
    }
    return stable;
  }

  #durableClock(key: Key): VectorClock {
    const durable = this.#options.durable(key);
    return durable === undefined || durable === 'absent' ? EMPTY_CLOCK : versionOf(durable);
  }

  #stableOf(key: Key): VectorClock | undefined {
    return this.#options.index.stable(key, this.#durableClock(key));
  }

  #wakeLater(): void {
    this.#cancel ??= this.#options.ports.timers.after(this.#delayMs, () => {
      this.#cancel = undefined;
      this.#delayMs = Math.min(2 * this.#delayMs, INTERVALS_MAX * this.#options.intervalMs);
      this.#ask();
    });
  }

  /** One round: asks the owners of what some of the values depend on. */
  #ask(): void {
    // What the round before the last one asked is asked again.
    for (const request of this.#asked.keys()) {
      if (request <= this.#lastOfRoundBefore) this.#asked.delete(request);
    }
    this.#lastOfRoundBefore = this.#lastRequest;
    const byOwner = new Map<
      StorageId,
      { readonly keys: Set<Key>; readonly dependents: Set<Key> }
    >();
    let left = DEPENDENCIES_PER_ROUND;
    for (const key of [...this.#dependents].slice(0, VALUES_PER_ROUND)) {
      if (left <= 0) break;
      this.#dependents.delete(key);
      const durable = this.#options.durable(key);
      if (durable === undefined || durable === 'absent' || !hasDependencies(durable)) continue;
      this.#dependents.add(key);
      const dependencies = dependenciesOf(durable);
      left -= dependencies.size;
      for (const dependency of dependencies.keys()) {
        const owner = this.#options.ownerOf(dependency);
        if (!byOwner.has(owner)) byOwner.set(owner, { keys: new Set(), dependents: new Set() });
        const asked = must(byOwner.get(owner), 'was just added');
        asked.keys.add(dependency);
        asked.dependents.add(key);
      }
    }
    for (const [owner, { keys, dependents }] of byOwner) {
      this.#lastRequest += 1;
      this.#asked.set(this.#lastRequest, [...dependents]);
      this.#options.ports.transport.send(storageAddress(owner), {
        type: 'storage.stability',
        request: this.#lastRequest,
        from: this.#options.address,
        keys: [...keys],
      });
    }
    if (this.#dependents.size > 0) this.#wakeLater();
  }
}
