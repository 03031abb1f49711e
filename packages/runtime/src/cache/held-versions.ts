/**
 * The versions that a cache holds: for each key the newest one it knows (`fresh`), and the one in
 * its causal cut (`cut`), which lags behind while dependencies are on their way (protocols.md 2.6).
 * Kept in order of use.
 */
import {
  encodedBytes,
  isMismatch,
  NO_DEPENDENCIES,
  withDependencies,
  withKnownClocks,
  withoutStableDependencies,
  type CapsuleOrAbsent,
  type Dependencies,
  type Key,
  type ProtocolStrategies,
  type StableClockOf,
  type VectorClock,
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
  /** Key → the held keys that depend on it, in the cut or with their newest version. */
  readonly #dependentsOf = new Map<Key, Set<Key>>();
  /** Of a key that others depend on, the clock that they name, or the last of several. */
  readonly #namedClocks = new Map<Key, VectorClock>();
  /** Held keys that depend on others. */
  readonly #dependents = new Set<Key>();
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

  /** How many of them depend on others. */
  get dependentKeys(): number {
    return this.#dependents.size;
  }

  /** Least recently used first. */
  all(): readonly Key[] {
    return [...this.#held.keys()];
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
    const fresh = this.#joined(held?.fresh, this.#withNamedClocks(incoming));
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
    this.#unlink(key, held);
    this.#held.delete(key);
    this.#bytes -= held.bytes;
    if (held.cut !== undefined) this.#onLeft(key, held.cut);
    return held;
  }

  /** Takes the key out of the cut; its newest version stays. */
  demote(key: Key): void {
    const held = this.#held.get(key);
    if (held !== undefined) this.#set(key, { ...held, cut: undefined });
  }

  /**
   * Every place covers more of these keys now: what depends on that need not say so any more. Each
   * version is looked at once, however many of the keys it depends on.
   */
  forgetDependencies(keys: Iterable<Key>, stableOf: StableClockOf): void {
    const dependents = new Set<Key>();
    for (const key of keys) {
      for (const dependent of this.#dependentsOf.get(key) ?? []) dependents.add(dependent);
    }
    for (const dependent of dependents) {
      const held = this.#held.get(dependent);
      if (held === undefined) continue;
      const fresh = withoutStableOf(held.fresh, stableOf);
      let cut = held.cut;
      if (cut === held.fresh) cut = fresh;
      else if (cut !== undefined) cut = withoutStableOf(cut, stableOf);
      if (fresh === held.fresh && cut === held.cut) continue;
      this.#set(dependent, { fresh, cut, bytes: bytesOf(dependent, fresh) });
    }
  }

  /** Held keys that depend on this one. */
  dependentsOn(key: Key): Iterable<Key> {
    return this.#dependentsOf.get(key) ?? [];
  }

  /** The key that was not used for the longest time, of those that may leave. */
  leastRecentlyUsed(mayLeave: (key: Key) => boolean): Key | undefined {
    for (const key of this.#held.keys()) if (mayLeave(key)) return key;
    return undefined;
  }

  /**
   * `key` and every key whose version in the cut depends on it, transitively: they leave together
   * (T15).
   */
  dependents(key: Key): readonly Key[] {
    const leaving = new Set([key]);
    for (const gone of leaving) {
      for (const candidate of this.#dependentsOf.get(gone) ?? []) {
        if (this.#dependsOn(this.#held.get(candidate)?.cut, gone)) leaving.add(candidate);
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

  /** Of its newest version, and of the one in the cut where that is another. */
  #requirementsOf({ fresh, cut }: Held): readonly Dependencies[] {
    const ofFresh = this.#requirementsOfOne(fresh);
    if (cut === fresh || cut === undefined) return [ofFresh];
    return [ofFresh, this.#requirementsOfOne(cut)];
  }

  #requirementsOfOne(capsule: CapsuleOrAbsent): Dependencies {
    return capsule === 'absent' ? NO_DEPENDENCIES : this.#strategies.requirementsOf(capsule);
  }

  /** Each version that comes over a link has clocks of its own, equal to those of thousands. */
  #withNamedClocks(incoming: CapsuleOrAbsent): CapsuleOrAbsent {
    if (incoming === 'absent') return incoming;
    return withDependencies(incoming, (dependencies) =>
      withKnownClocks(dependencies, (key) => this.#namedClocks.get(key)),
    );
  }

  #dependsOn(capsule: CapsuleOrAbsent | undefined, key: Key): boolean {
    if (capsule === undefined || capsule === 'absent') return false;
    return this.#strategies.requirementsOf(capsule).has(key);
  }

  #set(key: Key, held: Held): void {
    const before = this.#held.get(key);
    this.#bytes += held.bytes - (before?.bytes ?? 0);
    this.#held.set(key, held);
    // Most versions enter the cut as they came: what they depend on is the same.
    const isLinked =
      before?.fresh === held.fresh && before.cut === undefined && held.cut === held.fresh;
    if (isLinked) return;
    if (before !== undefined) this.#unlink(key, before);
    for (const requirements of this.#requirementsOf(held)) this.#link(key, requirements);
  }

  #link(key: Key, requirements: Dependencies): void {
    if (requirements.size > 0) this.#dependents.add(key);
    for (const [dependency, clock] of requirements) {
      this.#namedClocks.set(dependency, clock);
      const dependents = this.#dependentsOf.get(dependency);
      if (dependents === undefined) this.#dependentsOf.set(dependency, new Set([key]));
      else dependents.add(key);
    }
  }

  #unlink(key: Key, held: Held): void {
    this.#dependents.delete(key);
    for (const requirements of this.#requirementsOf(held)) {
      for (const dependency of requirements.keys()) {
        const dependents = this.#dependentsOf.get(dependency);
        dependents?.delete(key);
        if (dependents?.size !== 0) continue;
        this.#dependentsOf.delete(dependency);
        this.#namedClocks.delete(dependency);
      }
    }
  }
}

const withoutStableOf = (capsule: CapsuleOrAbsent, stableOf: StableClockOf): CapsuleOrAbsent =>
  capsule === 'absent' ? capsule : withoutStableDependencies(capsule, stableOf);
