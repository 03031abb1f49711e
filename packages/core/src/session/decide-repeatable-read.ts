/**
 * Distributed session repeatable read, corrected (protocols.md 2.5): every read of a key in one
 * attempt returns the version first read, wherever it happens; being absent is a version.
 */
import { clocksEqual, covers, type VectorClock } from '../clock/vector-clock.ts';
import type { Capsule } from '../lattice/capsule.ts';
import type { ReadDecision, ReadQuestion } from './read-decision.ts';
import type { SessionRead } from './session.ts';
import { clockText, foundIn, heldText, listText, versionHeld, versionText } from './read-words.ts';

export function decideRepeatableRead(question: ReadQuestion): ReadDecision {
  const read = question.session.reads.get(question.key);
  return read === undefined ? decideFirst(question) : decideAgain(question, read);
}

function decideFirst(question: ReadQuestion): ReadDecision {
  const { key, self, local, pinned, storeAsked } = question;
  if (pinned !== undefined) {
    const because = `Another branch read ${key} ${versionText(pinned)} at ${self}; this one reads the same.`;
    return {
      act: 'serve',
      source: 'pin',
      capsule: pinned,
      rule: 'repeatable-read/pinned',
      because,
      ...foundIn(local),
    };
  }
  if (local === undefined) {
    const because = `${self} does not hold ${key}, which is read for the first time, so storage is asked.`;
    return { act: 'fetch-store', rule: 'repeatable-read/first-store', because };
  }
  const place = storeAsked ? 'storage has' : `${self} holds`;
  return {
    act: 'serve',
    source: storeAsked ? 'store' : 'local',
    capsule: local,
    rule: storeAsked ? 'repeatable-read/first-store' : 'repeatable-read/first-local',
    because: `First read of ${key}: ${place} ${versionText(local)}, and later reads return this version.`,
    ...foundIn(local),
  };
}

function decideAgain(question: ReadQuestion, read: SessionRead): ReadDecision {
  const { key, self, local, pinned, upstream, storeAsked } = question;
  const required = read.version;
  const asked = { required, ...foundIn(local) };
  const first = `This invocation first read ${key} ${clockText(required)}`;
  if (isVersion(pinned, required)) {
    const because = `${first}, and ${self} has kept that version for it.`;
    return {
      act: 'serve',
      source: 'pin',
      capsule: pinned,
      rule: 'repeatable-read/pinned',
      because,
      ...asked,
    };
  }
  if (isVersion(local, required)) {
    const because = `${first}, and ${storeAsked ? 'storage has' : `${self} holds`} the same version.`;
    return {
      act: 'serve',
      source: storeAsked ? 'store' : 'local',
      capsule: local,
      rule: storeAsked ? 'repeatable-read/store-same' : 'repeatable-read/local-same',
      because,
      ...asked,
    };
  }
  if (upstream !== 'unreachable' && isVersion(upstream, required)) {
    const senders = listText(othersThan(question, read));
    const because = `${first}; ${heldText(question)}, so that version came from ${senders}.`;
    return {
      act: 'serve',
      source: 'upstream',
      capsule: upstream,
      rule: 'repeatable-read/upstream',
      because,
      ...asked,
    };
  }
  const holders = othersThan(question, read);
  if (upstream === undefined && holders.length > 0) {
    const because = `${first}; ${heldText(question)}, so ${listText(holders)} is asked for that version.`;
    return { act: 'fetch-upstream', holders, rule: 'repeatable-read/upstream', because, ...asked };
  }
  if (!storeAsked && mayBeBehind(local, required)) {
    const because = `${first}; ${heldText(question)}, so storage is asked for that version.`;
    return { act: 'fetch-store', rule: 'repeatable-read/store-same', because, ...asked };
  }
  const because = `${first}, but nobody has that version any more, so the invocation starts again.`;
  return { act: 'restart', rule: 'repeatable-read/lost', because, ...asked };
}

const isVersion = (
  held: Capsule | 'absent' | undefined,
  version: VectorClock,
): held is Capsule | 'absent' => held !== undefined && clocksEqual(versionHeld(held), version);

const othersThan = ({ self }: ReadQuestion, read: SessionRead) =>
  read.holders.filter((holder) => holder !== self);

/**
 * Whether storage may have `version` although this cache has another one: storage is never behind a
 * cache, so only a cache that is behind can learn.
 */
export const mayBeBehind = (local: Capsule | 'absent' | undefined, version: VectorClock): boolean =>
  local === undefined || covers(version, versionHeld(local));
