/**
 * How a session begins, and what a read and a write add to it. Every step returns a new session, or
 * the same one when nothing was added.
 */
import { assert } from '../assert.ts';
import {
  addDependency,
  type Dependencies,
  joinDependencies,
  NO_DEPENDENCIES,
  withoutKey,
} from '../causality/dependencies.ts';
import { ownMap } from '../causality/own-map.ts';
import {
  clocksEqual,
  countOf,
  covers,
  EMPTY_CLOCK,
  joinClocks,
  type VectorClock,
} from '../clock/vector-clock.ts';
import type { CacheId, InvocationId, Key } from '../ids.ts';
import type { Capsule } from '../lattice/capsule.ts';
import { dependenciesOf, versionOf } from '../lattice/capsule-view.ts';
import { isMismatch, joinCapsules } from '../lattice/join-capsules.ts';
import type { ConsistencyLevel } from './consistency-level.ts';
import type { Session, SessionBound, SessionRead } from './session.ts';
import type { SessionToken } from './session-token.ts';

/** Whether a read leaves a trace in the session. Where it does not, a trigger carries only writes. */
export function tracksReads(level: ConsistencyLevel): boolean {
  return level !== 'lww';
}

/** Whether a write depends on all that its session has seen of other keys. */
export function ordersAcrossKeys(level: ConsistencyLevel): boolean {
  return level === 'multi-key-causal' || bindsLaterReads(level);
}

/** Whether the dependencies of what is read bind later reads, in whatever cache they happen (2.7). */
const bindsLaterReads = (level: ConsistencyLevel): boolean =>
  level === 'causal' || level === 'causal-cut';

/** Whether a read has to respect what an earlier session saw. */
const respectsToken = (level: ConsistencyLevel): boolean =>
  level !== 'lww' && level !== 'repeatable-read';

export interface SessionStart {
  readonly invocation: InvocationId;
  readonly attempt: number;
  readonly level: ConsistencyLevel;
  /**
   * Of the session that this one continues. At every level it is carried on; at the causal levels
   * it binds reads.
   */
  readonly token?: SessionToken | undefined;
  /** What earlier attempts of the invocation have found that reads must cover. */
  readonly floors?: Dependencies | undefined;
}

export function startSession({
  invocation,
  attempt,
  level,
  token,
  floors = NO_DEPENDENCIES,
}: SessionStart): Session {
  const past = token?.past ?? NO_DEPENDENCIES;
  const bound = joinDependencies(respectsToken(level) ? past : NO_DEPENDENCIES, floors);
  const bounds = new Map([...bound].map(([key, clock]) => [key, { clock, holders: [] }] as const));
  return {
    invocation,
    attempt,
    level,
    reads: new Map(),
    bounds,
    writes: new Map(),
    past,
    carried: token?.seen ?? NO_DEPENDENCIES,
    touched: [],
  };
}

/**
 * What a put of `key` replaces beside the session's own writes: what it has read of the key, and
 * what the sessions that it continues have read or written of it. Not what it only knows of through
 * dependencies: nobody in this session has seen that, so it is kept beside.
 */
export function seenOf(session: Session, key: Key): VectorClock {
  const found = session.reads.get(key);
  const read = found === undefined || found.isAhead === true ? EMPTY_CLOCK : found.version;
  if (!respectsToken(session.level)) return read;
  return joinClocks(read, session.carried.get(key) ?? EMPTY_CLOCK);
}

/** What the session has seen of each key, for the session that continues it. */
export function seenByKey(session: Session): Dependencies {
  const seen = new Map(session.carried);
  const add = (key: Key, clock: VectorClock): void => {
    seen.set(key, joinClocks(seen.get(key) ?? EMPTY_CLOCK, clock));
  };
  for (const [key, { version, isAhead }] of session.reads) if (isAhead !== true) add(key, version);
  for (const [key, capsule] of session.writes) add(key, versionOf(capsule));
  return seen;
}

/**
 * What a version of `key` must cover to be served: what was read of it, and what other reads depend
 * on (2.7).
 */
export function needOf(session: Session, key: Key): VectorClock {
  const read = session.reads.get(key)?.version ?? EMPTY_CLOCK;
  return joinClocks(read, session.bounds.get(key)?.clock ?? EMPTY_CLOCK);
}

export interface ReadToRecord {
  readonly key: Key;
  /** What was served. */
  readonly capsule: Capsule | 'absent';
  /** The cache that served it and, where the level pins, holds it pinned. */
  readonly self: CacheId;
  /** Everything the version depends on, transitively, as the serving cache's cut has it. */
  readonly closure: Dependencies;
  /** It is pinned for an attempt that has not begun. */
  readonly isAhead?: boolean | undefined;
  /**
   * The maps of the session are from {@link sessionToGrow} and nobody else has seen them: they grow
   * in place, so that many reads one after the other do not copy them each time.
   */
  readonly inPlace?: boolean | undefined;
}

/** The session with maps of its own, to record many reads in before anybody else sees it. */
export const sessionToGrow = (session: Session): Session => ({
  ...session,
  reads: ownMap(session.reads, false),
  bounds: ownMap(session.bounds, false),
  past: ownMap(session.past, false),
});

export function recordRead(session: Session, read: ReadToRecord): Session {
  if (session.level === 'single-key-causal') return recordReplaced(session, read);
  if (!tracksReads(session.level)) return session;
  const { key, capsule, self, closure, inPlace = false } = read;
  const version = capsule === 'absent' ? EMPTY_CLOCK : versionOf(capsule);
  const isBinding = bindsLaterReads(session.level);
  // Closed under dependencies: the next write carries all of it, nobody has to walk.
  const past = joinDependencies(session.past, closure, inPlace);
  const after = {
    reads: withRead(session, version, read),
    bounds: isBinding ? withBounds(session.bounds, read) : session.bounds,
    past: addDependency(past, key, version, inPlace),
    touched: withMember(session.touched, self),
  };
  const isKnown =
    after.reads === session.reads &&
    after.bounds === session.bounds &&
    after.past === session.past &&
    after.touched === session.touched;
  return isKnown ? session : { ...session, ...after };
}

/**
 * Only a later write of this key needs to know what it replaces: all that was read, as a read may be
 * served something older than the one before it.
 */
function recordReplaced(session: Session, read: ReadToRecord): Session {
  const { key, capsule, self, inPlace = false } = read;
  const before = session.reads.get(key)?.version;
  const found = capsule === 'absent' ? EMPTY_CLOCK : versionOf(capsule);
  const version = before === undefined ? found : joinClocks(before, found);
  const touched = withMember(session.touched, self);
  const isKnown = before !== undefined && clocksEqual(before, version);
  if (isKnown && touched === session.touched) return session;
  const reads = ownMap(session.reads, inPlace).set(key, { version, holders: [] });
  return { ...session, reads, touched };
}

/** At repeatable read the first version stays; at the causal levels the recorded version grows. */
function withRead(
  session: Session,
  clock: VectorClock,
  { key, self, isAhead = false, inPlace = false }: ReadToRecord,
): ReadonlyMap<Key, SessionRead> {
  const before = session.reads.get(key);
  const stays = isAhead && (before === undefined || before.isAhead === true);
  const mark = stays ? { isAhead: true } : {};
  if (before === undefined) {
    const first = { version: clock, holders: [self], ...mark };
    return ownMap(session.reads, inPlace).set(key, first);
  }
  const keepsFirst = session.level === 'repeatable-read';
  const version = keepsFirst ? before.version : joinClocks(before.version, clock);
  const holders = withMember(before.holders, self);
  const isSame = version === before.version && holders === before.holders;
  if (isSame && stays === (before.isAhead === true)) return session.reads;
  return ownMap(session.reads, inPlace).set(key, { version, holders, ...mark });
}

function withBounds(
  bounds: ReadonlyMap<Key, SessionBound>,
  { closure, self, inPlace = false }: ReadToRecord,
): ReadonlyMap<Key, SessionBound> {
  let raised: Map<Key, SessionBound> | undefined;
  for (const [key, required] of closure) {
    const before = bounds.get(key);
    const clock = joinClocks(before?.clock ?? EMPTY_CLOCK, required);
    const holders = withMember(before?.holders ?? [], self);
    if (clock === before?.clock && holders === before.holders) continue;
    raised ??= ownMap(bounds, inPlace);
    raised.set(key, { clock, holders });
  }
  return raised ?? bounds;
}

/** Sorted, so that sessions that met the same caches in another order are equal. */
export const withMember = (members: readonly string[], member: string): readonly string[] =>
  members.includes(member) ? members : [...members, member].toSorted();

export interface WriteToRecord {
  readonly key: Key;
  readonly capsule: Capsule;
}

/**
 * Joins `capsule` into the session's own writes of `key`. The two must be of one kind: whoever
 * writes checks with `joinCapsules` first, and answers `lattice-mismatch` when they are not.
 */
export function recordWrite(session: Session, { key, capsule }: WriteToRecord): Session {
  const held = session.writes.get(key);
  const joined = held === undefined ? capsule : joinCapsules(held, capsule);
  assert(!isMismatch(joined), `${key} was written as ${held?.kind} and again as ${capsule.kind}`);
  if (joined === held) return session;
  const past = ordersAcrossKeys(session.level)
    ? joinDependencies(session.past, withoutKey(dependenciesOf(capsule), key))
    : session.past;
  const writes = ownMap(session.writes, false).set(key, joined);
  return {
    ...session,
    writes,
    bounds: bindsLaterReads(session.level)
      ? withBoundsOf({ ...session, writes }, withoutKey(dependenciesOf(capsule), key))
      : session.bounds,
    past: addDependency(past, key, versionOf(joined)),
  };
}

/**
 * What a writer has published for the key before is in its write (2.4), and may depend on more than
 * this session has seen: whoever reads the write back reads that too. The session's own writes bind
 * nobody else.
 */
function withBoundsOf(
  session: Session,
  dependencies: Dependencies,
): ReadonlyMap<Key, SessionBound> {
  const unseen: (readonly [Key, VectorClock])[] = [];
  for (const [key, clock] of dependencies) {
    if (covers(session.bounds.get(key)?.clock ?? EMPTY_CLOCK, clock)) continue;
    const others = withoutOwn(clock, session.writes.get(key));
    if (others.size > 0 && !covers(needOf(session, key), others)) unseen.push([key, others]);
  }
  if (unseen.length === 0) return session.bounds;
  const bounds = ownMap(session.bounds, false);
  for (const [key, clock] of unseen) {
    const { clock: before, holders = [] } = bounds.get(key) ?? { clock: EMPTY_CLOCK };
    bounds.set(key, { clock: joinClocks(before, clock), holders });
  }
  return bounds;
}

function withoutOwn(clock: VectorClock, own: Capsule | undefined): VectorClock {
  if (own === undefined) return clock;
  const version = versionOf(own);
  if (covers(version, clock)) return EMPTY_CLOCK;
  return new Map([...clock].filter(([writer, count]) => count > countOf(version, writer)));
}
