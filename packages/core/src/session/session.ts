/**
 * The session: what one attempt of one invocation has read and written, carried on every trigger
 * (protocols.md decision 4 and sections 2.5 and 2.7).
 */
import type { Dependencies } from '../causality/dependencies.ts';
import type { VectorClock } from '../clock/vector-clock.ts';
import type { CacheId, InvocationId, Key, NodeId } from '../ids.ts';
import type { Capsule } from '../lattice/capsule.ts';
import type { ConsistencyLevel } from './consistency-level.ts';

/** The version of a key that a read returned; the empty clock is ABSENT, which is a version too (T7). */
export interface SessionRead {
  readonly version: VectorClock;
  /** Caches that hold this version pinned for this attempt. */
  readonly holders: readonly CacheId[];
  /** Pinned before the attempt, and no function has read it: a put does not replace it. */
  readonly isAhead?: boolean | undefined;
}

/** A requirement on later reads of a key, from the dependencies of what was read. */
export interface SessionBound {
  readonly clock: VectorClock;
  /** Caches that can serve a version covering `clock` for this attempt. */
  readonly holders: readonly CacheId[];
}

export interface Session {
  readonly invocation: InvocationId;
  readonly attempt: number;
  readonly level: ConsistencyLevel;
  readonly reads: ReadonlyMap<Key, SessionRead>;
  readonly bounds: ReadonlyMap<Key, SessionBound>;
  /** The session's own writes, one capsule a key, not yet visible to anybody else. */
  readonly writes: ReadonlyMap<Key, Capsule>;
  /** What a new write of this session depends on: every version read or written so far. */
  readonly past: Dependencies;
  /** What the sessions that this one continues have read or written of each key. */
  readonly carried: Dependencies;
  /** Caches that hold a pin for this attempt and have to be told when it ends. */
  readonly touched: readonly CacheId[];
  /**
   * Nodes upstream that have left something out of their triggers, and have told the scheduler the
   * whole. Absent when nothing was left out.
   */
  readonly handedIn?: readonly NodeId[] | undefined;
}
