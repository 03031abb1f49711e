/**
 * The cache index: which caches hold a key of this storage node, so that a change can be pushed
 * (protocols.md 3.5), and what each of them is known to cover, so that dependencies can be
 * forgotten once nobody can miss them (2.8).
 *
 * A registration is a lease. A cache that does not renew it stops serving this node's keys at the
 * causal levels before it ends here, so the minimum over the registered caches is one over all that
 * serve.
 */
import { covers, EMPTY_CLOCK, meetClocks, type Key, type VectorClock } from '@stormglass/core';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { Address } from '../ports/transport.ts';

export interface Registration {
  /** Tells it from every earlier one, also over a restart of this node. */
  readonly id: number;
  renewedUs: number;
  /** Key → the clock that all covers which the cache could serve of it. */
  readonly floors: Map<Key, VectorClock>;
  /** Keys pushed since the cache last registered. */
  readonly pushed: Set<Key>;
  /** Keys pushed before that and not confirmed since: the push may be lost. */
  readonly behind: Set<Key>;
  /** Keys whose stable clock grew since the cache was last told. */
  readonly untold: Set<Key>;
}

export class CacheIndex {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #keptUs: number;
  /** Caches may hold a lease that an earlier incarnation of this node has granted. */
  readonly #knowsAllFromUs: number;
  /** No registration ends before. */
  #nextEndUs = Infinity;
  readonly #registrations = new Map<Address, Registration>();
  readonly #cachesOf = new Map<Key, Set<Address>>();

  constructor(options: {
    readonly clock: Clock;
    readonly random: Random;
    /** How long a registration lasts that is not renewed. */
    readonly keptMs: number;
    /** The node has never run before. */
    readonly isFirst: boolean;
  }) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#keptUs = options.keptMs * 1_000;
    this.#knowsAllFromUs = options.isFirst ? 0 : options.clock.nowUs() + this.#keptUs;
  }

  /** The registration of a cache, a new one where it has none; its lease begins anew. */
  open(cache: Address): Registration {
    this.#expire();
    const known = this.#registrations.get(cache);
    if (known !== undefined) {
      known.renewedUs = this.#clock.nowUs();
      return known;
    }
    const opened: Registration = {
      id: Math.floor(this.#random.next() * Number.MAX_SAFE_INTEGER),
      renewedUs: this.#clock.nowUs(),
      floors: new Map(),
      pushed: new Set(),
      behind: new Set(),
      untold: new Set(),
    };
    this.#registrations.set(cache, opened);
    this.#nextEndUs = Math.min(this.#nextEndUs, opened.renewedUs + this.#keptUs);
    return opened;
  }

  /** The cache is about to hold the key; what it serves of it is not known until it tells. */
  add(key: Key, cache: Address): Registration {
    const registration = this.open(cache);
    if (!registration.floors.has(key)) this.confirm(key, cache, EMPTY_CLOCK);
    return registration;
  }

  /** The cache, which has a registration, told what everything covers that it could serve of the key. */
  confirm(key: Key, cache: Address, floor: VectorClock): void {
    this.#registrations.get(cache)?.floors.set(key, floor);
    const caches = this.#cachesOf.get(key);
    if (caches === undefined) this.#cachesOf.set(key, new Set([cache]));
    else caches.add(cache);
  }

  remove(key: Key, cache: Address): void {
    const registration = this.#registrations.get(cache);
    registration?.floors.delete(key);
    for (const keys of [registration?.pushed, registration?.behind, registration?.untold]) {
      keys?.delete(key);
    }
    const caches = this.#cachesOf.get(key);
    caches?.delete(cache);
    if (caches?.size === 0) this.#cachesOf.delete(key);
    // One less to wait for.
    this.tellLater(key);
  }

  forget(cache: Address): void {
    for (const key of this.#registrations.get(cache)?.floors.keys() ?? []) this.remove(key, cache);
    this.#registrations.delete(cache);
  }

  /** Whom to push a change of the key to. */
  pushTargets(key: Key): readonly Address[] {
    this.#expire();
    const caches = [...(this.#cachesOf.get(key) ?? [])];
    for (const cache of caches) this.#registrations.get(cache)?.pushed.add(key);
    return caches;
  }

  /** What was pushed before the cache last registered and is still not confirmed to cover `durable`. */
  missed(registration: Registration, durable: (key: Key) => VectorClock): readonly Key[] {
    for (const key of registration.behind) {
      if (covers(registration.floors.get(key) ?? EMPTY_CLOCK, durable(key))) {
        registration.behind.delete(key);
      }
    }
    const missed = [...registration.behind];
    for (const key of registration.pushed) registration.behind.add(key);
    registration.pushed.clear();
    return missed;
  }

  /**
   * What every place covers where the key can be read, given what this node has of it.
   * `undefined` while caches may hold it that this node does not know of.
   */
  stable(key: Key, durable: VectorClock): VectorClock | undefined {
    this.#expire();
    if (this.#clock.nowUs() < this.#knowsAllFromUs) return undefined;
    let stable = durable;
    for (const cache of this.#cachesOf.get(key) ?? []) {
      stable = meetClocks(stable, this.#registrations.get(cache)?.floors.get(key) ?? EMPTY_CLOCK);
    }
    return stable;
  }

  /** Every cache that holds the key is to be told its stable clock. */
  tellLater(key: Key): void {
    for (const cache of this.#cachesOf.get(key) ?? []) {
      this.#registrations.get(cache)?.untold.add(key);
    }
  }

  #expire(): void {
    const nowUs = this.#clock.nowUs();
    if (nowUs <= this.#nextEndUs) return;
    this.#nextEndUs = Infinity;
    for (const [cache, { renewedUs }] of this.#registrations) {
      const endUs = renewedUs + this.#keptUs;
      if (endUs < nowUs) this.forget(cache);
      else this.#nextEndUs = Math.min(this.#nextEndUs, endUs);
    }
  }
}
