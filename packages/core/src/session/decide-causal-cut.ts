/**
 * Session causality with a check in both directions (protocols.md decision 3, correctness.md 6.7
 * and S4b): the versions that one attempt reads are one version of each key, and together a causal
 * cut. Forward as `causal`; backward, a version that depends on a newer version of a key that was
 * read is not served: an older one that fits is, from this cache or one upstream, or the attempt
 * starts again with the missing version as a floor.
 */
import type { Dependencies } from '../causality/dependencies.ts';
import { clocksEqual, covers, formatClock, type VectorClock } from '../clock/vector-clock.ts';
import type { CacheId } from '../ids.ts';
import type { Capsule } from '../lattice/capsule.ts';
import { dependenciesOf } from '../lattice/capsule-view.ts';
import { missingFromReads } from './cut-of-reads.ts';
import { isEnough, joinHeld } from './decide-causal.ts';
import { mayBeBehind } from './decide-repeatable-read.ts';
import type { ReadDecision, ReadQuestion } from './read-decision.ts';
import {
  clockText,
  dependenciesText,
  foundIn,
  heldText,
  holdsText,
  listText,
  versionHeld,
  versionText,
} from './read-words.ts';
import type { SessionRead } from './session.ts';
import { needOf } from './session-steps.ts';

type Held = Capsule | 'absent';

export function decideCausalCut(question: ReadQuestion): ReadDecision {
  const need = needOf(question.session, question.key);
  const required = need.size === 0 ? {} : { required: need };
  const read = question.session.reads.get(question.key);
  const decision =
    read === undefined ? decideFirst(question, need) : decideAgain(question, read, need);
  return { ...decision, ...required, ...foundIn(question.local) };
}

/** What was read of a key stays: two versions of one key are no cut. */
function decideAgain(question: ReadQuestion, read: SessionRead, need: VectorClock): ReadDecision {
  const { key, self, pinned, local, snapshot, upstream, older = [], storeAsked } = question;
  const isVersion = (held: Held | undefined): held is Held =>
    held !== undefined && clocksEqual(versionHeld(held), read.version);
  const first = `This invocation has read ${key} ${clockText(read.version)}`;
  const serve = { act: 'serve', rule: 'causal-cut/same' } as const;
  if (!covers(read.version, need)) {
    const because =
      `${first}, and something else that it has read depends on ${formatClock(need)}, ` +
      'so the invocation starts again and reads at least that.';
    const floors = new Map([[key, need]]);
    return { act: 'restart', rule: 'causal-cut/too-new', because, floors };
  }
  const kept = [pinned, snapshot].find(isVersion);
  if (kept !== undefined) {
    const because = `${first}, and ${self} has kept that version for it.`;
    return { ...serve, source: 'pin', capsule: kept, because };
  }
  if (isVersion(local)) {
    const source = storeAsked ? 'store' : 'local';
    const because = `${first}, and ${storeAsked ? 'storage' : self} has the same version.`;
    return { ...serve, source, capsule: local, because };
  }
  const fetched = upstream === 'unreachable' ? undefined : upstream;
  const sent = [fetched, ...older].find(isVersion);
  const holders = read.holders.filter((holder) => holder !== self);
  if (sent !== undefined) {
    const because = `${first}; ${heldText(question)}, so that version came from ${listText(holders)}.`;
    return { ...serve, source: 'upstream', capsule: sent, because };
  }
  if (upstream === undefined && holders.length > 0) {
    const because = `${first}; ${heldText(question)}, so ${listText(holders)} is asked for that version.`;
    return { act: 'fetch-upstream', holders, rule: 'causal-cut/same', because };
  }
  if (!storeAsked && mayBeBehind(local, read.version)) {
    const because = `${first}; ${heldText(question)}, so storage is asked for that version.`;
    return { act: 'fetch-store', rule: 'causal-cut/same', because };
  }
  const because = `${first}, but nobody has that version any more, so the invocation starts again.`;
  return { act: 'restart', rule: 'causal-cut/lost', because };
}

function decideFirst(question: ReadQuestion, need: VectorClock): ReadDecision {
  const { pinned, local } = question;
  const fits = (held: Held | undefined): held is Held =>
    isEnough(held, need) && conflictOf(question, held).size === 0;
  if (fits(pinned)) return serveLocally(question, 'pinned', pinned, need);
  if (fits(local)) return serveLocally(question, 'local', local, need);
  const older = olderThatFits(question, fits);
  if (older !== undefined) return older;
  return fromElsewhere(question, need, fits);
}

const conflictOf = ({ session, key }: ReadQuestion, held: Held): Dependencies =>
  held === 'absent' ? new Map() : missingFromReads(session.reads, key, dependenciesOf(held));

function serveLocally(
  { key, self, storeAsked }: ReadQuestion,
  place: 'pinned' | 'local',
  capsule: Held,
  need: VectorClock,
): ReadDecision {
  const reason =
    need.size === 0
      ? 'and nothing that this session has seen asks for more'
      : `which covers ${formatClock(need)} that this session needs`;
  const fit = 'it depends on nothing newer than what was read';
  const served = { act: 'serve', capsule } as const;
  if (place === 'pinned') {
    const because = `${self} has kept ${key} ${versionText(capsule)} for this invocation, ${reason}; ${fit}.`;
    return { ...served, source: 'pin', rule: 'causal-cut/pinned', because };
  }
  if (storeAsked) {
    const because = `${self} got ${key} ${versionText(capsule)} from storage, ${reason}; ${fit}.`;
    return { ...served, source: 'store', rule: 'causal-cut/admit', because };
  }
  const rule = need.size === 0 ? 'causal-cut/first-local' : 'causal-cut/local-covers';
  const because = `${holdsText(self, key, capsule)}, ${reason}; ${fit}.`;
  return { ...served, source: 'local', rule, because };
}

/** The snapshots that this cache and upstream ones keep for the attempt. */
function olderThatFits(
  question: ReadQuestion,
  fits: (held: Held | undefined) => held is Held,
): ReadDecision | undefined {
  const { key, self, snapshot, older = [], local } = question;
  if (local === undefined || conflictOf(question, local).size === 0) return undefined;
  const capsule = [snapshot, ...older].find(fits);
  if (capsule === undefined) return undefined;
  const isHere = capsule === snapshot;
  const kept = isHere ? `${self} has kept` : 'an upstream cache has kept';
  const because =
    `${holdsText(self, key, local)}, which depends on ${conflictText(question, local)} than was read; ` +
    `${kept} the older ${versionText(capsule)}, which fits.`;
  const source = isHere ? 'pin' : 'upstream';
  return { act: 'serve', source, capsule, rule: 'causal-cut/older', because };
}

const conflictText = (question: ReadQuestion, held: Held): string =>
  `a newer ${dependenciesText(conflictOf(question, held))}`;

/** Upstream caches, then storage, then a new attempt. */
function fromElsewhere(
  question: ReadQuestion,
  need: VectorClock,
  fits: (held: Held | undefined) => held is Held,
): ReadDecision {
  const { local, pinned, upstream, older = [], storeAsked } = question;
  const conflicts = local === undefined ? undefined : conflictOf(question, local);
  const isTooNew = conflicts !== undefined && conflicts.size > 0;
  const lag = lagText(question, need, isTooNew);
  const holders = isTooNew ? othersTouched(question) : holdersOf(question);
  const isWorthAsking = isTooNew || need.size > 0;
  if (isWorthAsking && upstream === undefined && holders.length > 0) {
    const because = `${lag}, so ${listText(holders)} is asked.`;
    return { act: 'fetch-upstream', holders, rule: 'causal-cut/fetch-upstream', because };
  }
  const answer = upstream === 'unreachable' ? undefined : upstream;
  const merged = answer === undefined ? undefined : joinHeld(joinHeld(answer, pinned), local);
  const sent = answer === undefined ? undefined : [merged, answer, ...older].find(fits);
  if (sent !== undefined) {
    const because = `${lag}; with what ${listText(holders)} sent it is ${versionText(sent)}, which fits.`;
    const rule = 'causal-cut/fetch-upstream';
    return { act: 'serve', source: 'upstream', capsule: sent, rule, because };
  }
  const beyond = upstream === undefined ? '' : `, and ${listText(holders)} could not help`;
  if (local === undefined || (!storeAsked && !isEnough(local, need))) {
    const because = `${lag}${beyond}, so storage is asked.`;
    return { act: 'fetch-store', rule: 'causal-cut/admit', because };
  }
  if (isTooNew) {
    const because = `${lag}${beyond}, so the invocation starts again and reads at least that.`;
    return { act: 'restart', rule: 'causal-cut/too-new', because, floors: conflicts };
  }
  const because = `${lag}${beyond}, and storage has nothing newer, so the invocation starts again.`;
  return { act: 'restart', rule: 'causal-cut/unmet', because };
}

function lagText(question: ReadQuestion, need: VectorClock, isTooNew: boolean): string {
  const { key, self, local } = question;
  if (local === undefined) return `${self} does not hold ${key}`;
  if (isTooNew) {
    return `${holdsText(self, key, local)}, which depends on ${conflictText(question, local)} than was read`;
  }
  return `${holdsText(self, key, local)}, which does not cover ${formatClock(need)} that this session needs`;
}

const othersTouched = ({ session, self }: ReadQuestion): readonly CacheId[] =>
  session.touched.filter((cache) => cache !== self);

const holdersOf = ({ key, session, self }: ReadQuestion): readonly CacheId[] =>
  (session.bounds.get(key)?.holders ?? []).filter((holder) => holder !== self);
