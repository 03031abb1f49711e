/**
 * Levels whose reads look at nothing this invocation has read: `lww`, `single-key-causal`, and
 * `multi-key-causal`, where the cache itself keeps a causal cut (2.6). Only what an earlier session
 * saw, handed over as a token, binds them.
 */
import { covers, formatClock } from '../clock/vector-clock.ts';
import type { ReadDecision, ReadQuestion, ReadRule } from './read-decision.ts';
import { foundIn, holdsText, versionHeld, versionText } from './read-words.ts';

type Level = 'lww' | 'single-key-causal' | 'multi-key-causal';

interface LevelWords {
  readonly local: ReadRule;
  readonly store: ReadRule;
  /** Why the copy that is here may be served. */
  readonly localReason: string;
  readonly storeReason: string;
}

const words: { readonly [L in Level]: LevelWords } = {
  lww: {
    local: 'lww/local',
    store: 'lww/store',
    localReason: 'at this level whatever the cache holds may be served',
    storeReason: 'at this level whatever it has may be served',
  },
  'single-key-causal': {
    local: 'single-key-causal/local',
    store: 'single-key-causal/store',
    localReason:
      'at this level only writes to the same key are ordered, so the copy here may be served',
    storeReason: 'at this level only writes to the same key are ordered, so it may be served',
  },
  'multi-key-causal': {
    local: 'multi-key-causal/cut',
    store: 'multi-key-causal/admit',
    localReason: 'everything it depends on is in the causal cut of this cache too',
    storeReason: 'it entered the causal cut of this cache together with everything it depends on',
  },
};

export function decideWithoutSession(question: ReadQuestion, level: Level): ReadDecision {
  const { key, session, self, local, storeAsked } = question;
  const { local: localRule, store: storeRule, localReason, storeReason } = words[level];
  const required = session.bounds.get(key)?.clock;
  const asked = { required, ...foundIn(local) };
  if (local === undefined) {
    const because = `${self} does not hold ${key}, so storage is asked.`;
    return { act: 'fetch-store', rule: storeRule, because, ...asked };
  }
  if (required === undefined || covers(versionHeld(local), required)) {
    const because = storeAsked
      ? `${self} got ${key} ${versionText(local)} from storage; ${storeReason}.`
      : `${holdsText(self, key, local)}; ${localReason}.`;
    const rule = storeAsked ? storeRule : localRule;
    const source = storeAsked ? 'store' : 'local';
    return { act: 'serve', source, capsule: local, rule, because, ...asked };
  }
  const needed = `${formatClock(required)} that the continued session has seen`;
  const lag = `${holdsText(self, key, local)}, which does not cover ${needed}`;
  if (!storeAsked) {
    return {
      act: 'fetch-store',
      rule: storeRule,
      because: `${lag}, so storage is asked.`,
      ...asked,
    };
  }
  return {
    act: 'restart',
    rule: 'causal/unmet',
    because: `${lag}, and storage has nothing newer.`,
    ...asked,
  };
}
