/**
 * The one decision of a read (protocols.md decision 8): what the cache does next, by which rule,
 * and why. A cache asks, does what it is told, and asks again with what a fetch brought, until the
 * answer is `serve` or `restart`.
 */
import { assertNever } from '../assert.ts';
import { covers, EMPTY_CLOCK, joinClocks } from '../clock/vector-clock.ts';
import type { Key } from '../ids.ts';
import type { Capsule } from '../lattice/capsule.ts';
import { versionOf } from '../lattice/capsule-view.ts';
import { isMismatch, joinCapsules } from '../lattice/join-capsules.ts';
import { decideCausalCut } from './decide-causal-cut.ts';
import { decideCausal } from './decide-causal.ts';
import { decideRepeatableRead } from './decide-repeatable-read.ts';
import { decideWithoutSession } from './decide-without-session.ts';
import type { ReadDecision, ReadQuestion } from './read-decision.ts';
import { versionText } from './read-words.ts';
import type { Session } from './session.ts';
import { needOf, ordersAcrossKeys } from './session-steps.ts';

/**
 * A session's own write comes first: what it put or deleted is served without looking further,
 * unless it knows of more than that write has replaced. That is read as the level says, as is the
 * rest of what it merged into: as if it had written nothing, and its own share is joined to what is
 * served.
 */
export function decideRead(question: ReadQuestion): ReadDecision {
  const { key, session } = question;
  const own = session.writes.get(key);
  if (own === undefined) return decideByLevel(question);
  if (own.kind === 'register' && coversKnown(session, key, own)) {
    return {
      act: 'serve',
      source: 'own-write',
      capsule: own,
      rule: 'session/own-write',
      because: `This invocation wrote ${key} ${versionText(own)} itself, and its own write comes first.`,
      found: versionOf(own),
    };
  }
  const decision = decideByLevel(question);
  if (decision.act !== 'serve') return decision;
  return {
    ...decision,
    capsule: joinShare(decision.capsule, own),
    read: decision.capsule,
    because: `${decision.because} What this invocation wrote to ${key} itself is joined in.`,
  };
}

/** Whether a put replaced all that the level makes the session respect of its key. */
function coversKnown(session: Session, key: Key, own: Capsule): boolean {
  if (!ordersAcrossKeys(session.level)) return true;
  const known = joinClocks(needOf(session, key), session.past.get(key) ?? EMPTY_CLOCK);
  return covers(versionOf(own), known);
}

function decideByLevel(question: ReadQuestion): ReadDecision {
  const { level } = question.session;
  switch (level) {
    case 'lww':
    case 'single-key-causal':
    case 'multi-key-causal':
      return decideWithoutSession(question, level);
    case 'repeatable-read':
      return decideRepeatableRead(question);
    case 'causal':
      return decideCausal(question);
    case 'causal-cut':
      return decideCausalCut(question);
    default:
      return assertNever(level, 'unknown level');
  }
}

/**
 * When the key turns out to hold another kind, the session sees its own share; the commit reports
 * the mismatch.
 */
function joinShare(held: Capsule | 'absent', own: Capsule): Capsule {
  if (held === 'absent') return own;
  const joined = joinCapsules(held, own);
  return isMismatch(joined) ? own : joined;
}
