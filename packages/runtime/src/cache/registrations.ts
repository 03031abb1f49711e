/**
 * This cache's registrations with the storage nodes whose keys it holds (protocols.md 1.4, 2.8).
 *
 * What it tells: which versions it has, and for each key a floor, which everything covers that it
 * could serve. What it is told: versions it has missed, and which clocks every place covers, so that
 * nobody has to depend on them any more.
 *
 * A registration is a lease. When it has run out, dependencies may have been forgotten that this
 * cache does not meet: its keys of that node leave the causal cut until storage was asked again.
 */
import {
  covers,
  EMPTY_CLOCK,
  joinClocks,
  meetClocks,
  storageAddress,
  versionOf,
  type CapsuleOrAbsent,
  type Key,
  type MessageOf,
  type StorageId,
  type VectorClock,
} from '@stormglass/core';
import type { Ownership } from '../ports/ownership.ts';
import type { Ports } from '../ports/ports.ts';
import type { Cancel } from '../ports/timers.ts';
import type { Address } from '../ports/transport.ts';
import { LEASE_SHARE_BELIEVED, LEASE_SHARE_RENEWED, type RegistrationPace } from '../limits.ts';
import type { Attempt, Attempts } from './attempts.ts';
import type { HeldVersions } from './held-versions.ts';

export interface RegistrationsOptions {
  readonly address: Address;
  readonly ports: Ports;
  readonly ring: Ownership;
  readonly pace: RegistrationPace;
  readonly versions: HeldVersions;
  readonly attempts: Attempts;
  /** A version that a push should have brought. */
  readonly onNewer: (key: Key, capsule: CapsuleOrAbsent) => void;
  /** What the attempt has read in the causal cut is not protected any more. */
  readonly onBroken: (attempt: Attempt) => void;
  /** The key may be in the causal cut again. */
  readonly onCurrent: (key: Key) => void;
}

interface Round {
  readonly number: number;
  readonly atUs: number;
  readonly keys: Set<Key>;
}

const clockOfHeld = (held: CapsuleOrAbsent): VectorClock =>
  held === 'absent' ? EMPTY_CLOCK : versionOf(held);

/** With one storage node. */
interface Lease {
  id: number | undefined;
  /** Of this machine's clock; 0 when there is none. */
  endUs: number;
  /** What was told and is not answered yet. */
  round: Round | undefined;
  /** When the last round that was answered was sent. */
  renewedUs: number;
  /** Served under an earlier registration: while there are any, this one is not believed in for longer. */
  readonly uncovered: Set<Key>;
  /** What is to be told. */
  readonly changed: Set<Key>;
}

export class Registrations {
  readonly #options: RegistrationsOptions;
  readonly #intervalUs: number;
  readonly #believedUs: number;
  readonly #renewUs: number;
  readonly #leases = new Map<StorageId, Lease>();
  /** Held keys that no lease covers: not served at the causal levels. */
  readonly #lapsed = new Set<Key>();
  /** Keys that left while attempts had versions of them. */
  readonly #lingering = new Set<Key>();
  /** Of held keys: what every place covers. */
  readonly #stable = new Map<Key, VectorClock>();
  readonly #changed = new Set<Key>();
  #lastRound = 0;
  /** How long until storage is asked again what is stable; longer while there is nothing new. */
  #askUs: number;
  /** No lease ends before. */
  #nextEndUs = Infinity;
  #wake: { readonly atUs: number; readonly cancel: Cancel } | undefined;

  constructor(options: RegistrationsOptions) {
    const { intervalMs, leaseMs } = options.pace;
    this.#options = options;
    this.#intervalUs = intervalMs * 1_000;
    this.#believedUs = leaseMs * 1_000 * LEASE_SHARE_BELIEVED;
    this.#renewUs = leaseMs * 1_000 * LEASE_SHARE_RENEWED;
    this.#askUs = this.#intervalUs;
  }

  /** A clock that every place covers where the key can be read. */
  stableOf(key: Key): VectorClock | undefined {
    return this.#stable.get(key);
  }

  /** Whether storage counts this cache among those that hold the key. */
  isCurrent(key: Key): boolean {
    return !this.#lapsed.has(key);
  }

  /**
   * The key comes here before the answer that registers it. What was told of it and is not answered
   * yet is of before it left, and its registration may have ended with that.
   */
  awaitAnswer(key: Key): void {
    this.#lapsed.add(key);
    this.#leaseOf(this.#ownerOf(key)).round?.keys.delete(key);
  }

  /** What is served of the key, or its floor, may have changed. */
  note(key: Key): void {
    this.#changed.add(key);
    this.#askUs = this.#intervalUs;
    this.#wakeAt(this.#nowUs() + this.#intervalUs);
  }

  /**
   * The key left. While an attempt still has an older version of it the registration stays, so that
   * nobody forgets what that attempt depends on.
   * @returns whether storage is to be told now
   */
  onEvicted(key: Key): boolean {
    this.#changed.delete(key);
    this.#stable.delete(key);
    if (this.#options.attempts.isKept(key)) {
      this.#lingering.add(key);
      return false;
    }
    this.#lapsed.delete(key);
    this.#lingering.delete(key);
    const lease = this.#leases.get(this.#ownerOf(key));
    lease?.uncovered.delete(key);
    lease?.changed.delete(key);
    return true;
  }

  /** Whether the key is registered only for what attempts have of it. */
  lingers(key: Key): boolean {
    return this.#lingering.has(key) && this.#options.versions.peek(key) === undefined;
  }

  /**
   * Storage answered a request for the key that was sent at `sentUs`. False when that is so long ago
   * that others may rely on newer versions by now: ask again.
   */
  onGot(key: Key, registration: number, sentUs: number): boolean {
    const nowUs = this.#nowUs();
    const endUs = sentUs + this.#believedUs;
    if (endUs <= nowUs) return false;
    this.checkLeases(nowUs);
    const lease = this.#leaseOf(this.#ownerOf(key));
    if (lease.id !== registration) this.#adopt(this.#ownerOf(key), registration);
    if (lease.endUs === 0) this.#extend(lease, endUs);
    lease.uncovered.delete(key);
    this.#lapsed.delete(key);
    this.#lingering.delete(key);
    return true;
  }

  onRegistered(message: MessageOf<'cache.registered'>): void {
    const nowUs = this.#nowUs();
    const owner = message.from.slice(message.from.indexOf('/') + 1);
    const lease = this.#leaseOf(owner);
    const { round } = lease;
    if (round?.number === message.round) lease.round = undefined;
    if (lease.id !== message.registration) this.#adopt(owner, message.registration);
    if (!message.isRenewed) {
      this.#wakeAt(nowUs);
      return;
    }
    for (const [key, capsule] of message.newer) this.#options.onNewer(key, capsule);
    this.#learnStable(message.stable);
    if (round?.number !== message.round) return;
    const endUs = round.atUs + this.#believedUs;
    this.checkLeases(nowUs);
    if (endUs <= nowUs) return;
    lease.renewedUs = round.atUs;
    const current = [...round.keys].filter((key) => this.#lapsed.delete(key));
    for (const key of round.keys) lease.uncovered.delete(key);
    if (lease.uncovered.size === 0) this.#extend(lease, endUs);
    for (const key of current) this.#options.onCurrent(key);
    if (message.stable.size > 0) this.#askUs = this.#intervalUs;
    this.#wakeAt(Math.min(nowUs + this.#askUs, this.#renewalUs(lease)));
  }

  /** Cheap while nothing runs out. To be called before anything is served. */
  checkLeases(nowUs: number): void {
    if (nowUs < this.#nextEndUs) return;
    this.#nextEndUs = Infinity;
    for (const [owner, lease] of this.#leases) {
      if (lease.endUs === 0) continue;
      if (lease.endUs > nowUs) {
        this.#nextEndUs = Math.min(this.#nextEndUs, lease.endUs);
        continue;
      }
      lease.endUs = 0;
      lease.uncovered.clear();
      for (const key of this.#keysOf(owner)) {
        this.#lapsed.add(key);
        lease.changed.add(key);
        this.#options.versions.demote(key);
        for (const broken of this.#options.attempts.dropKept(key)) this.#options.onBroken(broken);
      }
      this.#wakeAt(nowUs + this.#intervalUs);
    }
  }

  close(): void {
    this.#wake?.cancel();
  }

  /** Storage has registered this cache anew, and of what it holds knows nothing. */
  #adopt(owner: StorageId, registration: number): void {
    const lease = this.#leaseOf(owner);
    lease.id = registration;
    lease.round = undefined;
    for (const key of this.#keysOf(owner)) {
      lease.changed.add(key);
      if (!this.#lapsed.has(key)) lease.uncovered.add(key);
    }
    this.#wakeAt(this.#nowUs() + this.#intervalUs);
  }

  #extend(lease: Lease, endUs: number): void {
    lease.endUs = Math.max(lease.endUs, endUs);
    this.#nextEndUs = Math.min(this.#nextEndUs, lease.endUs);
  }

  #learnStable(clocks: ReadonlyMap<Key, VectorClock>): void {
    const { versions } = this.#options;
    const held = [...clocks].filter(([key]) => versions.peek(key) !== undefined);
    for (const [key, clock] of held) {
      this.#stable.set(key, joinClocks(this.#stable.get(key) ?? EMPTY_CLOCK, clock));
    }
    versions.forgetDependencies(
      held.map(([key]) => key),
      (other) => this.#stable.get(other),
    );
  }

  #wakeAt(atUs: number): void {
    if (this.#wake !== undefined && this.#wake.atUs <= atUs) return;
    this.#wake?.cancel();
    const delayMs = Math.max(0, atUs - this.#nowUs()) / 1_000;
    const cancel = this.#options.ports.timers.after(delayMs, () => {
      this.#wake = undefined;
      this.#tell();
    });
    this.#wake = { atUs, cancel };
  }

  /** Tells each storage node what is due, and sets the time for the next one. */
  #tell(): void {
    const nowUs = this.#nowUs();
    this.checkLeases(nowUs);
    for (const key of this.#changed) this.#leaseOf(this.#ownerOf(key)).changed.add(key);
    this.#changed.clear();
    const due: [StorageId, Lease][] = [];
    for (const [owner, lease] of this.#leases) {
      const { round } = lease;
      if (round !== undefined && round.atUs + this.#renewUs > nowUs) {
        this.#wakeAt(round.atUs + this.#renewUs);
        continue;
      }
      for (const key of round?.keys ?? []) lease.changed.add(key);
      // What is held has dependencies that storage may know to be stable by now.
      const asks = this.#options.versions.dependentKeys > 0;
      const isDue = lease.changed.size > 0 || asks || this.#renewalUs(lease) <= nowUs;
      if (isDue) due.push([owner, lease]);
      else this.#wakeAt(this.#renewalUs(lease));
    }
    this.#askUs = Math.min(2 * this.#askUs, this.#renewUs);
    for (const [owner, lease] of due) this.#register(owner, lease, nowUs);
  }

  #register(owner: StorageId, lease: Lease, nowUs: number): void {
    this.#lastRound += 1;
    const keys = new Set(lease.changed);
    lease.changed.clear();
    lease.round = { number: this.#lastRound, atUs: nowUs, keys };
    this.#wakeAt(nowUs + this.#renewUs);
    this.#options.ports.transport.send(storageAddress(owner), {
      type: 'storage.register',
      from: this.#options.address,
      registration: lease.id,
      round: this.#lastRound,
      entries: this.#entriesOf(keys),
    });
  }

  #entriesOf(keys: ReadonlySet<Key>): MessageOf<'storage.register'>['entries'] {
    // Most rounds only renew.
    if (keys.size === 0) return [];
    const kept = this.#options.attempts.keptOf(keys);
    return [...keys].flatMap((key) => {
      const held = this.#options.versions.peek(key);
      const older = (kept.get(key) ?? []).map(clockOfHeld);
      if (held === undefined) {
        const [first, ...others] = older;
        return first === undefined ? [] : [{ key, version: others.reduce(meetClocks, first) }];
      }
      const version = clockOfHeld(held.fresh);
      const floor = older.reduce(meetClocks, clockOfHeld(held.cut ?? held.fresh));
      return [covers(floor, version) ? { key, version } : { key, version, floor }];
    });
  }

  #renewalUs(lease: Lease): number {
    return lease.renewedUs + this.#renewUs;
  }

  #keysOf(owner: StorageId): readonly Key[] {
    const keys = [...this.#options.versions.all(), ...this.#lingering];
    return keys.filter((key) => this.#ownerOf(key) === owner);
  }

  #ownerOf(key: Key): StorageId {
    return this.#options.ring.ownerOf('user', key);
  }

  #nowUs(): number {
    return this.#options.ports.clock.nowUs();
  }

  #leaseOf(owner: StorageId): Lease {
    const known = this.#leases.get(owner);
    if (known !== undefined) return known;
    const lease: Lease = {
      id: undefined,
      endUs: 0,
      round: undefined,
      renewedUs: this.#nowUs(),
      uncovered: new Set(),
      changed: new Set(),
    };
    this.#leases.set(owner, lease);
    return lease;
  }
}
