/**
 * Distributed session causal consistency, corrected and strict (protocols.md 2.7): the version
 * served covers what this session has read of the key and what anything it has read depends on.
 * Covering is the test, not equality, and one test against both, so neither a newer local copy is
 * refused (T18) nor a newer requirement overlooked (T20).
 */
import { covers, formatClock, type VectorClock } from '../clock/vector-clock.ts';
import type { CacheId } from '../ids.ts';
import type { Capsule } from '../lattice/capsule.ts';
import { isMismatch, joinCapsules } from '../lattice/join-capsules.ts';
import type { ReadDecision, ReadQuestion } from './read-decision.ts';
import { foundIn, holdsText, listText, versionHeld, versionText } from './read-words.ts';
import { needOf } from './session-steps.ts';

type Held = Capsule | 'absent' | undefined;

export function decideCausal(question: ReadQuestion): ReadDecision {
  const need = needOf(question.session, question.key);
  const required = need.size === 0 ? {} : { required: need };
  return {
    ...(fromLocal(question, need) ?? fromPin(question, need) ?? fromElsewhere(question, need)),
    ...required,
    ...foundIn(question.local),
  };
}

/** The live copy. Absent counts only when storage said so, and then only against an empty need. */
function fromLocal(question: ReadQuestion, need: VectorClock): ReadDecision | undefined {
  const { key, self, local, storeAsked } = question;
  if (!isEnough(local, need)) return undefined;
  const served = { act: 'serve', capsule: local } as const;
  if (storeAsked) {
    const version = `${key} ${versionText(local)}`;
    const because =
      need.size === 0
        ? `${self} got ${version} from storage, and nothing that this session has seen asks for more.`
        : `${self} got ${version} from storage, which covers ${formatClock(need)} that this session needs.`;
    return { ...served, source: 'store', rule: 'causal/admit', because };
  }
  if (need.size === 0) {
    const because = `${holdsText(self, key, local)}, and nothing that this session has seen asks for more.`;
    return { ...served, source: 'local', rule: 'causal/first-local', because };
  }
  const needed = `${formatClock(need)} that this session needs`;
  const because = `${holdsText(self, key, local)}, which covers ${needed}.`;
  return { ...served, source: 'local', rule: 'causal/local-covers', because };
}

function fromPin(question: ReadQuestion, need: VectorClock): ReadDecision | undefined {
  const { key, self, pinned, local } = question;
  const capsule = [pinned, joinHeld(pinned, local)].find((held) => isEnough(held, need));
  if (capsule === undefined) return undefined;
  const reason =
    need.size === 0
      ? 'which another branch of this attempt has read'
      : `which covers ${formatClock(need)} that this session needs`;
  const because = `${self} has kept ${key} ${versionText(capsule)} for this invocation, ${reason}.`;
  return { act: 'serve', source: 'pin', capsule, rule: 'causal/pinned', because };
}

/** Upstream holders, their answers merged with what is here; then storage; then a new attempt. */
function fromElsewhere(question: ReadQuestion, need: VectorClock): ReadDecision {
  const { key, self, local, pinned, upstream, storeAsked } = question;
  const holders = holdersOf(question);
  const lag =
    local === undefined
      ? `${self} does not hold ${key}`
      : `${holdsText(self, key, local)}, which does not cover ${formatClock(need)} that this session needs`;
  if (need.size > 0 && upstream === undefined && holders.length > 0) {
    const because =
      local === undefined
        ? `${lag} and this session needs ${formatClock(need)}, so ${listText(holders)} is asked.`
        : `${lag}, so ${listText(holders)} is asked.`;
    return { act: 'fetch-upstream', holders, rule: 'causal/fetch-upstream', because };
  }
  const answer = upstream === 'unreachable' ? undefined : upstream;
  const merged = answer === undefined ? undefined : joinHeld(joinHeld(answer, pinned), local);
  if (isEnough(merged, need)) {
    const answered = `joined with what ${listText(holders)} sent it is ${versionText(merged)}`;
    const because = `${lag}; ${answered}, which covers ${formatClock(need)}.`;
    return {
      act: 'serve',
      source: 'upstream',
      capsule: merged,
      rule: 'causal/fetch-upstream',
      because,
    };
  }
  const beyond = upstream === undefined ? '' : `, and ${listText(holders)} could not help`;
  if (!storeAsked || local === undefined) {
    const because = `${lag}${beyond}, so storage is asked.`;
    return { act: 'fetch-store', rule: 'causal/admit', because };
  }
  const because = `${lag}${beyond}, and storage has nothing newer, so the invocation starts again.`;
  return { act: 'restart', rule: 'causal/unmet', because };
}

/** Whether a version is here and covers what this session needs of its key. */
export function isEnough(held: Held, need: VectorClock): held is Capsule | 'absent' {
  return held !== undefined && covers(versionHeld(held), need);
}

function holdersOf({ key, session, self }: ReadQuestion): readonly CacheId[] {
  const holders = new Set([
    ...(session.reads.get(key)?.holders ?? []),
    ...(session.bounds.get(key)?.holders ?? []),
  ]);
  holders.delete(self);
  return [...holders].toSorted();
}

/** The join of what two places hold; the first when the kinds differ. */
export function joinHeld(a: Held, b: Held): Held {
  if (a === undefined || a === 'absent') return b ?? a;
  if (b === undefined || b === 'absent') return a;
  const joined = joinCapsules(a, b);
  return isMismatch(joined) ? a : joined;
}
