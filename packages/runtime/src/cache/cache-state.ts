/**
 * What the parts of the cache role share.
 */
import {
  newestTimestamp,
  nextTimestamp,
  withoutStableDependencies,
  type CacheId,
  type Capsule,
  type CapsuleOrAbsent,
  type ConsistencyLevel,
  type HybridTimestamp,
  type Key,
  type ProtocolStrategies,
  type Session,
} from '@stormglass/core';
import { firstRequest } from '../limits.ts';
import type { Ports } from '../ports/ports.ts';
import type { Address } from '../ports/transport.ts';
import type { Ownership } from '../ports/ownership.ts';
import type { Attempt, Attempts } from './attempts.ts';
import type { Held, HeldVersions } from './held-versions.ts';
import type { Registrations } from './registrations.ts';
import type { StoreFetches } from './store-fetches.ts';

export interface CacheCounts {
  hits: number;
  misses: number;
  upstream: number;
}

export class CacheState {
  readonly id: CacheId;
  readonly address: Address;
  readonly ports: Ports;
  readonly ring: Ownership;
  readonly strategies: ProtocolStrategies;
  readonly versions: HeldVersions;
  readonly attempts: Attempts;
  readonly fetches: StoreFetches;
  readonly registrations: Registrations;
  readonly counts: CacheCounts = { hits: 0, misses: 0, upstream: 0 };
  readonly #attemptLeaseMs: number;
  readonly #onLearnt: (key: Key) => void;
  #lastTimestamp: HybridTimestamp = 0;
  #lastRequest: number;

  constructor(options: {
    readonly id: CacheId;
    readonly incarnation: number;
    readonly address: Address;
    readonly ports: Ports;
    readonly ring: Ownership;
    readonly strategies: ProtocolStrategies;
    readonly versions: HeldVersions;
    readonly attempts: Attempts;
    readonly attemptLeaseMs: number;
    readonly fetches: (state: CacheState) => StoreFetches;
    readonly registrations: (state: CacheState) => Registrations;
    /** A key is here that was not, or grew. */
    readonly onLearnt: (key: Key) => void;
  }) {
    this.id = options.id;
    this.#lastRequest = firstRequest(options.incarnation);
    this.address = options.address;
    this.ports = options.ports;
    this.ring = options.ring;
    this.strategies = options.strategies;
    this.versions = options.versions;
    this.attempts = options.attempts;
    this.#attemptLeaseMs = options.attemptLeaseMs;
    this.#onLearnt = options.onLearnt;
    this.fetches = options.fetches(this);
    this.registrations = options.registrations(this);
  }

  nextRequest(): number {
    this.#lastRequest += 1;
    return this.#lastRequest;
  }

  /** Absorbs a version; true when it changed what is held. */
  learn(key: Key, found: CapsuleOrAbsent): boolean {
    const changed = this.versions.absorb(
      key,
      found === 'absent' ? found : this.withoutStable(found),
    );
    if (changed) {
      this.registrations.note(key);
      this.#onLearnt(key);
    }
    return changed;
  }

  /** Without the dependencies that nobody can miss any more. */
  withoutStable(capsule: Capsule): Capsule {
    return withoutStableDependencies(capsule, (key) => this.registrations.stableOf(key));
  }

  /** The copy that a newcomer may be served at this level. */
  localOf(key: Key, held: Held | undefined, level: ConsistencyLevel): Held['cut'] {
    switch (level) {
      case 'lww':
      case 'repeatable-read':
        return held?.fresh;
      case 'single-key-causal':
        // A session that goes on relies on what every registered cache covers.
        return this.registrations.isCurrent(key) ? held?.fresh : undefined;
      case 'multi-key-causal':
      case 'causal':
      case 'causal-cut':
        return held?.cut;
    }
  }

  /** A writer that has read a version writes a later timestamp (T2). */
  observe(capsule: CapsuleOrAbsent): void {
    if (capsule === 'absent') return;
    const seen = newestTimestamp(capsule);
    if (seen > this.#lastTimestamp) this.#lastTimestamp = seen;
  }

  /** @param seen the largest timestamp that the session has seen of the key, wherever it was */
  tick(seen: HybridTimestamp = 0): HybridTimestamp {
    if (seen > this.#lastTimestamp) this.#lastTimestamp = seen;
    const wallMs = this.ports.clock.wallMs();
    this.#lastTimestamp = nextTimestamp(this.#lastTimestamp, wallMs, this.attempts.writer);
    return this.#lastTimestamp;
  }

  openAttempt(session: Session): Attempt {
    return this.attempts.open(session, this.leaseEndUs());
  }

  /** Of an attempt that is known to run now. */
  leaseEndUs(): number {
    return this.ports.clock.nowUs() + this.#attemptLeaseMs * 1_000;
  }
}
