/**
 * Rows of table 2.3 that are about which version a read returns.
 */
import {
  covers,
  decideRead,
  needOf,
  type ReadDecision,
  type ReadQuestion,
  type Session,
} from '@stormglass/core';
import { type Defect, withDecisions } from './defect.ts';
import { isCausalRead, isOlder, joined, serve, versionHeld } from './serving.ts';

const withoutBound = (session: Session, key: string): Session => {
  const bounds = new Map(session.bounds);
  bounds.delete(key);
  return { ...session, bounds };
};

/** Row 1: required ≥ local, where it has to be the other way round. */
function reversedValidity(question: ReadQuestion): ReadDecision {
  const need = needOf(question.session, question.key);
  const { local } = question;
  const isValid = local !== undefined && covers(need, versionHeld(local));
  return isCausalRead(question) && need.size > 0 && isValid
    ? serve(local, 'local', 'causal/local-covers')
    : decideRead(question);
}

/** Row 2: no null test, so what a cold cache does not hold passes for a version. */
function noNullTest(question: ReadQuestion): ReadDecision {
  const need = needOf(question.session, question.key);
  return isCausalRead(question) && need.size > 0 && question.local === undefined
    ? serve('absent', 'local', 'causal/local-covers')
    : decideRead(question);
}

/** Row 3: a key in neither set returns nothing. */
function noDefaultBranch(question: ReadQuestion): ReadDecision {
  const need = needOf(question.session, question.key);
  return isCausalRead(question) && need.size === 0
    ? serve('absent', 'local', 'causal/first-local')
    : decideRead(question);
}

/** Row 4: a key that was read is compared with what was read, and dependencies are not looked at. */
function earlyReturn(question: ReadQuestion): ReadDecision {
  const { session, key } = question;
  const isKnown = session.reads.has(key) && isCausalRead(question);
  return decideRead(isKnown ? { ...question, session: withoutBound(session, key) } : question);
}

/** Row 6: concurrent is good enough, and returned without merging. */
function concurrentIsFine(question: ReadQuestion): ReadDecision {
  const need = needOf(question.session, question.key);
  const { local } = question;
  return isCausalRead(question) && local !== undefined && !isOlder(local, need)
    ? serve(local, 'local', 'causal/local-covers')
    : decideRead(question);
}

/** Row 8: a key that was read is returned in whatever newer version is here by now. */
function monotonicOnly(question: ReadQuestion): ReadDecision {
  const { session, key, local } = question;
  const read = session.reads.get(key);
  const isNewer =
    read !== undefined && local !== undefined && covers(versionHeld(local), read.version);
  return session.level === 'repeatable-read' && !session.writes.has(key) && isNewer
    ? serve(local, 'local', 'repeatable-read/local-same')
    : decideRead(question);
}

/** Row 9: one upstream address is asked, and what it answers is taken for all. */
function oneUpstream(question: ReadQuestion): ReadDecision {
  const { upstream, local } = question;
  const decision = decideRead(question);
  if (!isCausalRead(question)) return decision;
  if (decision.act === 'fetch-upstream') {
    return { ...decision, holders: decision.holders.slice(0, 1) };
  }
  return upstream !== undefined && upstream !== 'unreachable'
    ? serve(joined(upstream, local), 'upstream', 'causal/fetch-upstream')
    : decision;
}

/** Row 10: what the invocation itself has written is not seen. */
function noOverlay(question: ReadQuestion): ReadDecision {
  return decideRead({ ...question, session: { ...question.session, writes: new Map() } });
}

/**
 * Row 14: the pin is taken a moment after the read, from what the cache holds then, and whoever
 * finds a pin trusts it.
 */
function latePin(question: ReadQuestion): ReadDecision {
  const { session, key, pinned, local, upstream } = question;
  if (session.level !== 'repeatable-read' || !session.reads.has(key) || session.writes.has(key)) {
    return decideRead(question);
  }
  if (pinned !== undefined) return serve(local ?? pinned, 'pin', 'repeatable-read/pinned');
  return upstream !== undefined && upstream !== 'unreachable'
    ? serve(upstream, 'upstream', 'repeatable-read/upstream')
    : decideRead(question);
}

export const readDefects: readonly Defect[] = [
  {
    name: 'reversed-validity',
    source: '2.3 row 1',
    what: 'a local version counts when the required one covers it',
    level: 'causal',
    plant: withDecisions({ decideRead: reversedValidity }),
  },
  {
    name: 'no-null-test',
    source: '2.3 row 2',
    what: 'a key that the cache does not hold is returned as absent',
    level: 'causal',
    plant: withDecisions({ decideRead: noNullTest }),
  },
  {
    name: 'no-default-branch',
    source: '2.3 row 3',
    what: 'a key that was neither read nor depended on returns nothing',
    level: 'causal',
    plant: withDecisions({ decideRead: noDefaultBranch }),
  },
  {
    name: 'early-return',
    source: '2.3 row 4',
    what: 'a key that was read is not compared with dependencies',
    level: 'causal',
    isRare: true,
    plant: withDecisions({ decideRead: earlyReturn }),
  },
  {
    name: 'concurrent-is-fine',
    source: '2.3 row 6',
    what: 'a local version concurrent with the required one is returned unmerged',
    level: 'causal',
    plant: withDecisions({ decideRead: concurrentIsFine }),
  },
  {
    name: 'monotonic-only',
    source: '2.3 row 8',
    what: 'a key that was read is returned in a newer local version',
    level: 'repeatable-read',
    plant: withDecisions({ decideRead: monotonicOnly }),
  },
  {
    name: 'one-upstream',
    source: '2.3 row 9',
    what: 'one upstream cache is asked and its answer taken without a test',
    level: 'causal',
    isRare: true,
    plant: withDecisions({ decideRead: oneUpstream }),
  },
  {
    name: 'no-own-writes',
    source: '2.3 row 10',
    what: 'an invocation does not see what it has written',
    level: 'repeatable-read',
    plant: withDecisions({ decideRead: noOverlay }),
  },
  {
    name: 'late-pin',
    source: '2.3 row 14',
    what: 'a pin keeps what the cache holds later, and is trusted',
    level: 'repeatable-read',
    plant: withDecisions({
      decideRead: latePin,
      pinnedVersion: (pinned, live) => (pinned === undefined ? undefined : (live ?? pinned)),
    }),
  },
];
