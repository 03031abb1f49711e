/**
 * What a cache keeps for attempts that run: pinned versions, and the writer lanes of an attempt that
 * writes. And which attempts are over, so that a late answer opens nothing for them again.
 */
import {
  encodedBytes,
  type CapsuleOrAbsent,
  type InvocationId,
  type Key,
  type NodeId,
  type ProtocolStrategies,
  type Session,
  type WorkerId,
  type WriterId,
} from '@stormglass/core';
import { ENDED_ATTEMPTS_MAX, LANE_BYTES_MAX } from '../limits.ts';
import { Lane } from './lane.ts';

export interface Attempt {
  readonly pins: Map<Key, CapsuleOrAbsent>;
  /** Keys whose pin is what a branch has read here, not only what such a version depends on. */
  readonly reads: Set<Key>;
  /**
   * Where an older version may be needed: what the causal cut held since the attempt first read
   * here and does not hold any more, the oldest of each key.
   */
  readonly snapshot: Map<Key, CapsuleOrAbsent> | undefined;
  /** By node; the first is for whatever any lane will do for. */
  readonly lanes: Map<NodeId, readonly Lane[]>;
  /** Microseconds since the cluster started. */
  expiresAtUs: number;
  /** Whether the scheduler was asked if it still runs, and has not answered. */
  isAsked: boolean;
  readonly invocation: InvocationId;
  readonly attempt: number;
  /** What it has read is not kept any more, so that nothing can be said about what goes with it. */
  isBroken: boolean;
}

/** Under which an attempt is over, whoever its pins belong to. */
const fenceOf = (invocation: InvocationId, attempt: number): string => `${invocation}#${attempt}`;

const NOTHING_KEPT: ReadonlyMap<Key, CapsuleOrAbsent> = new Map();

export class Attempts {
  readonly #attempts = new Map<string, Attempt>();
  /** In the order they were made. */
  readonly #lanes = new Set<Lane>();
  /** Attempts that are over, oldest first. */
  readonly #ended = new Set<string>();
  #lanesMade = 0;
  readonly #writer: WriterId;
  readonly #strategies: ProtocolStrategies;

  constructor(worker: WorkerId, incarnation: number, strategies: ProtocolStrategies) {
    this.#writer = `${worker}.${incarnation}`;
    this.#strategies = strategies;
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

  /** About what versions take that are kept for attempts and not held otherwise. */
  bytesBeside(isHeld: (key: Key, pinned: CapsuleOrAbsent) => boolean): number {
    let bytes = 0;
    for (const { pins, snapshot = NOTHING_KEPT } of this.#attempts.values()) {
      for (const [key, pinned] of [...pins, ...snapshot]) {
        if (pinned !== 'absent' && !isHeld(key, pinned)) bytes += encodedBytes(pinned);
      }
    }
    return bytes;
  }

  find(invocation: InvocationId, attempt: number): Attempt | undefined {
    return this.#attempts.get(this.#idOf(invocation, attempt));
  }

  open(
    { invocation, attempt, level }: Pick<Session, 'invocation' | 'attempt' | 'level'>,
    expiresAtUs: number,
  ): Attempt {
    const id = this.#idOf(invocation, attempt);
    const open = this.#attempts.get(id);
    if (open !== undefined) return open;
    const created: Attempt = {
      pins: new Map(),
      reads: new Set(),
      snapshot: level === 'causal-cut' ? new Map() : undefined,
      lanes: new Map(),
      expiresAtUs,
      isAsked: false,
      invocation,
      attempt,
      isBroken: false,
    };
    this.#attempts.set(id, created);
    return created;
  }

  /** A version has left the causal cut: attempts that may need it keep it. */
  keep(key: Key, left: CapsuleOrAbsent): void {
    for (const { snapshot } of this.#attempts.values()) {
      if (snapshot?.has(key) === false) snapshot.set(key, left);
    }
  }

  hasEnded(invocation: InvocationId, attempt: number): boolean {
    return this.#ended.has(fenceOf(invocation, attempt));
  }

  /** A lane of this node that fits, taken for it where it has none. */
  laneOf(attempt: Attempt, node: NodeId, fits: (lane: Lane) => boolean = () => true): Lane {
    const taken = attempt.lanes.get(node) ?? [];
    const known = taken.find(fits);
    if (known !== undefined) return known;
    const lane = this.#lanes.values().find((one) => one.isFree && fits(one)) ?? this.#newLane();
    lane.take(`${this.#idOf(attempt.invocation, attempt.attempt)} ${node}`);
    attempt.lanes.set(node, [...taken, lane]);
    return lane;
  }

  /**
   * Ends an attempt; returns what was pinned.
   * @param isUncertain it may have published what its lanes do not know of
   */
  end(
    invocation: InvocationId,
    attempt: number,
    isUncertain: boolean,
  ): ReadonlyMap<Key, CapsuleOrAbsent> {
    this.#remember(fenceOf(invocation, attempt));
    const id = this.#idOf(invocation, attempt);
    const ended = this.#attempts.get(id);
    if (ended === undefined) return new Map();
    this.#attempts.delete(id);
    for (const lane of [...ended.lanes.values()].flat()) {
      lane.leave();
      // Its writer is never used again, so nobody has to remember what it has published.
      if (isUncertain || lane.bytes > LANE_BYTES_MAX) this.#lanes.delete(lane);
    }
    return ended.pins;
  }

  /** What attempts that run could be served of these keys besides the live copy. */
  keptOf(keys: ReadonlySet<Key>): ReadonlyMap<Key, readonly CapsuleOrAbsent[]> {
    const found = new Map<Key, CapsuleOrAbsent[]>();
    for (const { pins, snapshot = NOTHING_KEPT } of this.#attempts.values()) {
      for (const kept of [pins, snapshot]) {
        for (const [key, capsule] of kept) {
          if (!keys.has(key)) continue;
          const others = found.get(key);
          if (others === undefined) found.set(key, [capsule]);
          else others.push(capsule);
        }
      }
    }
    return found;
  }

  isKept(key: Key): boolean {
    for (const { pins, snapshot } of this.#attempts.values()) {
      if (pins.has(key) || snapshot?.has(key) === true) return true;
    }
    return false;
  }

  /**
   * Nobody is served an older version of this key any more.
   * @returns attempts that cannot go on without it, where that is new
   */
  dropKept(key: Key): readonly Attempt[] {
    return [...this.#attempts.values()].filter((attempt) => {
      const { pins, snapshot } = attempt;
      const hadPin = pins.delete(key);
      snapshot?.delete(key);
      const isNew = hadPin && snapshot !== undefined && !attempt.isBroken;
      attempt.isBroken ||= isNew;
      return isNew;
    });
  }

  expired(nowUs: number): readonly Attempt[] {
    return [...this.#attempts.values()].filter(({ expiresAtUs }) => expiresAtUs <= nowUs);
  }

  #idOf(invocation: InvocationId, attempt: number): string {
    return this.#strategies.attemptId({ invocation, attempt });
  }

  #newLane(): Lane {
    this.#lanesMade += 1;
    const suffix = this.#lanesMade === 1 ? '' : `-${this.#lanesMade}`;
    const lane = new Lane(`${this.#writer}${suffix}`);
    this.#lanes.add(lane);
    return lane;
  }

  #remember(fence: string): void {
    this.#ended.add(fence);
    if (this.#ended.size <= ENDED_ATTEMPTS_MAX) return;
    const oldest = this.#ended.values().next().value;
    if (oldest !== undefined) this.#ended.delete(oldest);
  }
}
