/**
 * The versions that a cache holds: for each key the newest one it knows (`fresh`), and the one in
 * its causal cut (`cut`), which lags behind while dependencies are on their way (protocols.md 2.6).
 * Kept in order of use.
 */
import {
  encodedBytes,
  isMismatch,
  type CapsuleOrAbsent,
  type Key,
  type ProtocolStrategies,
} from '@stormglass/core';

export interface Held {
  readonly fresh: CapsuleOrAbsent;
  /** `undefined` while no version of the key has its dependencies here. */
  readonly cut: CapsuleOrAbsent | undefined;
  readonly bytes: number;
}

/** What an entry costs besides its capsule. */
const ENTRY_BYTES = 64;

const bytesOf = (key: Key, capsule: CapsuleOrAbsent): number =>
  ENTRY_BYTES + 2 * key.length + (capsule === 'absent' ? 0 : encodedBytes(capsule));

export class HeldVersions {
  readonly #strategies: ProtocolStrategies;
  readonly #onLeft: (key: Key, cut: CapsuleOrAbsent) => void;
  readonly #held = new Map<Key, Held>();
  #bytes = 0;

  /** @param onLeft a version is replaced in the cut, or leaves it */
  constructor(
    strategies: ProtocolStrategies,
    onLeft: (key: Key, cut: CapsuleOrAbsent) => void = () => undefined,
  ) {
    this.#strategies = strategies;
    this.#onLeft = onLeft;
  }

  get keys(): number {
    return this.#held.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  peek(key: Key): Held | undefined {
    return this.#held.get(key);
  }

  /** As {@link peek}, and the key counts as used now. */
  use(key: Key): Held | undefined {
    const held = this.#held.get(key);
    if (held === undefined) return undefined;
    this.#held.delete(key);
    this.#held.set(key, held);
    return held;
  }

  /** Joins what was learnt into the newest version; true when that changed it. */
  absorb(key: Key, incoming: CapsuleOrAbsent): boolean {
    const held = this.#held.get(key);
    const fresh = this.#joined(held?.fresh, incoming);
    if (held !== undefined && fresh === held.fresh) return false;
    this.#set(key, { fresh, cut: held?.cut, bytes: bytesOf(key, fresh) });
    return true;
  }

  /** Takes the newest version of these keys into the cut, in one step. */
  admit(keys: readonly Key[]): void {
    for (const key of keys) {
      const held = this.#held.get(key);
      if (held === undefined || held.cut === held.fresh) continue;
      if (held.cut !== undefined) this.#onLeft(key, held.cut);
      this.#set(key, { ...held, cut: held.fresh });
    }
  }

  remove(key: Key): Held | undefined {
    const held = this.#held.get(key);
    if (held === undefined) return undefined;
    this.#held.delete(key);
    this.#bytes -= held.bytes;
    if (held.cut !== undefined) this.#onLeft(key, held.cut);
    return held;
  }

  /** The key that was not used for the longest time. */
  leastRecentlyUsed(): Key | undefined {
    return this.#held.keys().next().value;
  }

  /**
   * `key` and every key whose version in the cut depends on it, transitively: they leave together
   * (T15).
   */
  dependents(key: Key): readonly Key[] {
    const leaving = new Set([key]);
    for (const gone of leaving) {
      for (const [candidate, held] of this.#held) {
        if (this.#dependsOn(held.cut, gone)) leaving.add(candidate);
      }
    }
    return [...leaving];
  }

  #joined(held: CapsuleOrAbsent | undefined, incoming: CapsuleOrAbsent): CapsuleOrAbsent {
    if (held === undefined || held === 'absent') return incoming;
    if (incoming === 'absent') return held;
    const join = this.#strategies.joinCapsules(held, incoming);
    // Storage refuses another kind, so the only way here is a delete and a new kind: the newer one.
    return isMismatch(join) ? incoming : join;
  }

  #dependsOn(capsule: CapsuleOrAbsent | undefined, key: Key): boolean {
    if (capsule === undefined || capsule === 'absent') return false;
    return this.#strategies.requirementsOf(capsule).has(key);
  }

  #set(key: Key, held: Held): void {
    this.#bytes += held.bytes - (this.#held.get(key)?.bytes ?? 0);
    this.#held.set(key, held);
  }
}
