/**
 * Fan-in: the session of a node that waits for several, from the sessions that their triggers carry
 * (2.5 and 2.7).
 */
import { assert, must } from '../assert.ts';
import { type Dependencies, joinDependencies, NO_DEPENDENCIES } from '../causality/dependencies.ts';
import { ownMap } from '../causality/own-map.ts';
import { clocksEqual, joinClocks } from '../clock/vector-clock.ts';
import type { Key } from '../ids.ts';
import type { Capsule } from '../lattice/capsule.ts';
import { isMismatch, joinCapsules } from '../lattice/join-capsules.ts';
import { joinEntries } from '../lattice/merged-metadata.ts';
import { missingBetween } from './cut-of-reads.ts';
import type { Session, SessionBound, SessionRead } from './session.ts';
import { withMember } from './session-steps.ts';

export interface MergedSessions {
  readonly session: Session;
  /**
   * The keys that keep two branches from being one attempt, so it has to be made again: at
   * repeatable read and `causal-cut` those that they read in different versions, at `causal-cut`
   * also those that one read older than something that the other read depends on. Until then the
   * session keeps the version of the first branch at repeatable read.
   */
  readonly conflicts: readonly Key[];
  /** At `causal-cut`, what the next attempt has to read at least. */
  readonly floors: Dependencies;
  /**
   * The keys that two branches wrote as lattices of different kinds: a `lattice-mismatch`. The
   * first stays.
   */
  readonly mismatches: readonly Key[];
}

/** @param sessions at least one, all of one attempt of one invocation */
export function mergeSessions(sessions: readonly Session[]): MergedSessions {
  const conflicts = new Set<Key>();
  const mismatches = new Set<Key>();
  let floors = NO_DEPENDENCIES;
  const [first, ...others] = sessions;
  const session = others.reduce(
    (a, b) => {
      if (a.level === 'causal-cut') floors = joinDependencies(floors, missingBetween(a, b));
      return mergeTwo(a, b, conflicts, mismatches);
    },
    must(first, 'a fan-in has at least one session'),
  );
  for (const key of floors.keys()) conflicts.add(key);
  return {
    session,
    conflicts: [...conflicts].toSorted(),
    mismatches: [...mismatches].toSorted(),
    floors,
  };
}

function mergeTwo(a: Session, b: Session, conflicts: Set<Key>, mismatches: Set<Key>): Session {
  assert(
    a.invocation === b.invocation && a.attempt === b.attempt && a.level === b.level,
    `attempt ${a.attempt} of ${a.invocation} cannot join attempt ${b.attempt} of ${b.invocation}`,
  );
  if (a.level === 'repeatable-read') {
    for (const [key, read] of b.reads) {
      const other = a.reads.get(key);
      if (other !== undefined && !clocksEqual(other.version, read.version)) conflicts.add(key);
    }
  }
  const joinReads = a.level === 'repeatable-read' ? keepFirstRead : joinRead;
  return {
    ...a,
    reads: joinEntries(a.reads, b.reads, joinReads),
    bounds: joinEntries(a.bounds, b.bounds, joinBound),
    writes: joinWrites(a.writes, b.writes, mismatches),
    past: joinDependencies(a.past, b.past),
    carried: joinDependencies(a.carried, b.carried),
    touched: unionOf(a.touched, b.touched),
    ...handedInBy(a, b),
  };
}

function handedInBy(a: Session, b: Session): Pick<Session, 'handedIn'> {
  if (b.handedIn === undefined) return {};
  return { handedIn: unionOf(a.handedIn ?? [], b.handedIn) };
}

/** Sorted, as both are. */
const unionOf = (a: readonly string[], b: readonly string[]): readonly string[] =>
  b.reduce(withMember, a);

/** Only a holder of the kept version can serve it. */
const keepFirstRead = (a: SessionRead, b: SessionRead): SessionRead =>
  clocksEqual(a.version, b.version)
    ? { version: a.version, holders: unionOf(a.holders, b.holders), ...aheadIn(a, b) }
    : a;

const joinRead = (a: SessionRead, b: SessionRead): SessionRead => ({
  version: joinClocks(a.version, b.version),
  holders: unionOf(a.holders, b.holders),
  ...aheadIn(a, b),
});

const aheadIn = (a: SessionRead, b: SessionRead): Pick<SessionRead, 'isAhead'> =>
  a.isAhead === true && b.isAhead === true ? { isAhead: true } : {};

const joinBound = (a: SessionBound, b: SessionBound): SessionBound => ({
  clock: joinClocks(a.clock, b.clock),
  holders: unionOf(a.holders, b.holders),
});

function joinWrites(
  a: ReadonlyMap<Key, Capsule>,
  b: ReadonlyMap<Key, Capsule>,
  mismatches: Set<Key>,
): ReadonlyMap<Key, Capsule> {
  if (b.size === 0 || a === b) return a;
  const joined = ownMap(a, false);
  for (const [key, capsule] of b) {
    const held = a.get(key);
    const both = held === undefined ? capsule : joinCapsules(held, capsule);
    if (isMismatch(both)) mismatches.add(key);
    else joined.set(key, both);
  }
  return joined;
}
