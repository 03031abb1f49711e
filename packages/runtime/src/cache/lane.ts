/**
 * A lane: a writer id that one node of one attempt has to itself, from its first dotted write until
 * the attempt ends. So the dots of a writer become visible in the order of their counters, and
 * branches of one attempt, which do not see each other, never share a writer.
 *
 * It remembers what it has published, because the next write must include or cover that: who knows
 * a dot of a writer has to know every earlier one on the key (a_latest, protocols.md 2.4).
 */
import {
  clockOfWrite,
  covers,
  EMPTY_CLOCK,
  encodedBytes,
  isMismatch,
  joinCapsules,
  joinClocks,
  versionOf,
  type Capsule,
  type CapsuleOrAbsent,
  type CounterCapsule,
  type CounterShare,
  type HybridTimestamp,
  type Key,
  type RegisterCapsule,
  type VectorClock,
  type WriterId,
} from '@stormglass/core';

/** What a cache has of one key, for many lanes to be asked about it. */
export interface LocalCopy {
  readonly version: VectorClock;
  /** Who wrote what is there with a dot, not replaced. */
  readonly writers: ReadonlySet<WriterId>;
}

export function localCopyOf(held: CapsuleOrAbsent | undefined): LocalCopy | undefined {
  if (held === undefined || held === 'absent' || held.kind !== 'register') return undefined;
  const dotted = held.writes.filter(({ counter }) => counter !== undefined);
  return { version: versionOf(held), writers: new Set(dotted.map(({ writer }) => writer)) };
}

/** About what an entry of a clock takes in memory. */
const CLOCK_ENTRY_BYTES = 32;

const NOTHING: CounterShare = { up: 0, down: 0 };

export class Lane {
  readonly writer: WriterId;
  /** The attempt and node that write here now. */
  #owner: string | undefined;
  #lastCounter = 0;
  /** By key, the join of all merges that commits made durable. */
  readonly #published = new Map<Key, Capsule>();
  /** What the owner's counters have come to since, whatever its session knows of it. */
  readonly #running = new Map<Key, CounterCapsule>();
  /**
   * By key, the dots of this writer with all that they have replaced: a context that covers a dot
   * covers its context.
   */
  readonly #covered = new Map<Key, VectorClock>();
  #publishedBytes = 0;

  constructor(writer: WriterId) {
    this.writer = writer;
  }

  get isFree(): boolean {
    return this.#owner === undefined;
  }

  /** About what the published versions take in memory. */
  get bytes(): number {
    return this.#publishedBytes;
  }

  take(owner: string): void {
    this.#owner = owner;
    this.#running.clear();
  }

  leave(): void {
    this.#owner = undefined;
  }

  nextCounter(): number {
    this.#lastCounter += 1;
    return this.#lastCounter;
  }

  /** What this writer has added to a counter since its last delete, which starts a new epoch. */
  totalOf(key: Key, epoch: HybridTimestamp): CounterShare {
    const counter = this.#running.get(key) ?? this.#published.get(key);
    if (counter?.kind !== 'counter' || counter.epoch !== epoch) return NOTHING;
    return counter.shares.get(this.writer) ?? NOTHING;
  }

  /** The owner has added. */
  add(key: Key, counter: CounterCapsule): void {
    this.#running.set(key, counter);
  }

  published(key: Key): Capsule | undefined {
    return this.#published.get(key);
  }

  /**
   * The context that a put of this lane needs beyond what its session knows of the key; `undefined`
   * when it must not write there. A clock cannot name a later dot of this lane without the earlier
   * ones, so those have to be known, or replaced by others already: to cover them then takes nothing
   * from anybody, and says of the new version only what is true.
   */
  contextBeyond(
    key: Key,
    known: VectorClock,
    local: LocalCopy | undefined,
  ): VectorClock | undefined {
    const covered = this.#covered.get(key);
    if (covered === undefined || covers(known, covered)) return EMPTY_CLOCK;
    // Known here, and nothing of it is there any more.
    const isReplaced =
      local !== undefined && !local.writers.has(this.writer) && covers(local.version, covered);
    return isReplaced ? covered : undefined;
  }

  /** A commit made this durable; nothing happens when this writer has no part in it. */
  publish(key: Key, capsule: Capsule): void {
    if (!versionOf(capsule).has(this.writer)) return;
    if (capsule.kind === 'register') {
      this.#cover(key, capsule);
      return;
    }
    const before = this.#published.get(key);
    const joined = before === undefined ? capsule : joinCapsules(before, capsule);
    const after = isMismatch(joined) ? capsule : joined;
    this.#published.set(key, after);
    this.#publishedBytes += encodedBytes(after) - (before === undefined ? 0 : encodedBytes(before));
  }

  #cover(key: Key, { writes }: RegisterCapsule): void {
    const before = this.#covered.get(key) ?? EMPTY_CLOCK;
    let covered = before;
    for (const write of writes) {
      if (write.counter === undefined) continue;
      if (write.writer === this.writer) covered = joinClocks(covered, clockOfWrite(write));
      else if (write.context.has(this.writer)) covered = joinClocks(covered, write.context);
    }
    if (covered === before) return;
    this.#covered.set(key, covered);
    this.#publishedBytes += (covered.size - before.size) * CLOCK_ENTRY_BYTES;
  }
}
