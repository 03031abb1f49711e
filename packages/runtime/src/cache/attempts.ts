/**
 * What a cache keeps for attempts that run: pinned versions, and the writer lane of an attempt that writes.
 *
 * A lane is a writer id that one attempt has to itself from its first dotted write until it ends.
 * So the dots of a writer become visible in the order of their counters, and nobody can know a
 * later dot without the earlier ones (the a_latest requirement of protocols.md 2.4).
 */
import {
  type CapsuleOrAbsent,
  type CounterCapsule,
  type CounterShare,
  type HybridTimestamp,
  type InvocationId,
  type Key,
  type WorkerId,
  type WriterId,
} from '@stormglass/core';

export interface Lane {
  readonly writer: WriterId;
  lastCounter: number;
  /** Committed totals of this writer, by counter key, and the epoch they belong to. */
  readonly shares: Map<Key, { readonly epoch: HybridTimestamp; readonly share: CounterShare }>;
  owner: string | undefined;
}

export interface Attempt {
  readonly pins: Map<Key, CapsuleOrAbsent>;
  lane: Lane | undefined;
  /** Microseconds since the cluster started. */
  readonly expiresAtUs: number;
  readonly invocation: InvocationId;
  readonly attempt: number;
}

const idOf = (invocation: InvocationId, attempt: number): string => `${invocation}#${attempt}`;

export class Attempts {
  readonly #attempts = new Map<string, Attempt>();
  readonly #lanes: Lane[] = [];
  readonly #writer: WriterId;

  constructor(worker: WorkerId, incarnation: number) {
    this.#writer = `${worker}.${incarnation}`;
  }

  /** The writer of LWW writes, which need no lane: the hybrid clock keeps them apart. */
  get writer(): WriterId {
    return this.#writer;
  }

  get pinned(): number {
    let count = 0;
    for (const { pins } of this.#attempts.values()) count += pins.size;
    return count;
  }

  find(invocation: InvocationId, attempt: number): Attempt | undefined {
    return this.#attempts.get(idOf(invocation, attempt));
  }

  open(invocation: InvocationId, attempt: number, expiresAtUs: number): Attempt {
    const id = idOf(invocation, attempt);
    const open = this.#attempts.get(id);
    if (open !== undefined) return open;
    const created: Attempt = { pins: new Map(), lane: undefined, expiresAtUs, invocation, attempt };
    this.#attempts.set(id, created);
    return created;
  }

  laneOf(attempt: Attempt): Lane {
    if (attempt.lane !== undefined) return attempt.lane;
    const owner = idOf(attempt.invocation, attempt.attempt);
    let lane = this.#lanes.find((candidate) => candidate.owner === undefined);
    if (lane === undefined) {
      const suffix = this.#lanes.length === 0 ? '' : `-${this.#lanes.length + 1}`;
      lane = { writer: `${this.#writer}${suffix}`, lastCounter: 0, shares: new Map(), owner };
      this.#lanes.push(lane);
    }
    lane.owner = owner;
    attempt.lane = lane;
    return lane;
  }

  /** Ends an attempt; returns what was pinned. */
  end(invocation: InvocationId, attempt: number): ReadonlyMap<Key, CapsuleOrAbsent> {
    const id = idOf(invocation, attempt);
    const ended = this.#attempts.get(id);
    if (ended === undefined) return new Map();
    this.#attempts.delete(id);
    if (ended.lane !== undefined) ended.lane.owner = undefined;
    return ended.pins;
  }

  expired(nowUs: number): readonly Attempt[] {
    return [...this.#attempts.values()].filter(({ expiresAtUs }) => expiresAtUs <= nowUs);
  }

  /** Remembers the total that a commit made durable. */
  commitShare(lane: Lane, key: Key, { shares, epoch }: CounterCapsule): void {
    const share = shares.get(lane.writer);
    if (share !== undefined) lane.shares.set(key, { epoch, share });
  }
}
