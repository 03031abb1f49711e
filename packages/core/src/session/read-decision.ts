/**
 * The one place that decides a read, and says why (protocols.md decision 8). Pure: the cache
 * gathers what it holds, asks, does what it is told, and emits the decision as the `cache.read`
 * event.
 */
import type { Dependencies } from '../causality/dependencies.ts';
import type { VectorClock } from '../clock/vector-clock.ts';
import type { CacheId, Key } from '../ids.ts';
import type { Capsule } from '../lattice/capsule.ts';
import type { Session } from './session.ts';

/** Named as in docs and studio: `<level or family>/<what happened>`. */
export const readRules = [
  'session/own-write',
  'lww/local',
  'lww/store',
  'repeatable-read/first-local',
  'repeatable-read/first-store',
  'repeatable-read/pinned',
  'repeatable-read/local-same',
  'repeatable-read/upstream',
  'repeatable-read/store-same',
  'repeatable-read/lost',
  'single-key-causal/local',
  'single-key-causal/store',
  'multi-key-causal/cut',
  'multi-key-causal/admit',
  'causal/first-local',
  'causal/local-covers',
  'causal/pinned',
  'causal/fetch-upstream',
  'causal/admit',
  'causal/unmet',
  'causal-cut/first-local',
  'causal-cut/local-covers',
  'causal-cut/pinned',
  'causal-cut/same',
  'causal-cut/older',
  'causal-cut/fetch-upstream',
  'causal-cut/admit',
  'causal-cut/too-new',
  'causal-cut/lost',
  'causal-cut/unmet',
] as const;
export type ReadRule = (typeof readRules)[number];

export type ReadSource = 'own-write' | 'pin' | 'local' | 'upstream' | 'store';

/**
 * Everything the decision may look at. A cache asks again after each fetch, with what the fetch brought;
 * `undefined` means "not here", a capsule of a tombstone or the `ABSENT` marker means "known to be absent".
 */
export interface ReadQuestion {
  readonly key: Key;
  readonly session: Session;
  readonly self: CacheId;
  /**
   * What this cache would serve to a newcomer: its live copy, or `'absent'` when storage said there
   * is none.
   */
  readonly local: Capsule | 'absent' | undefined;
  /** What is pinned here for this attempt. */
  readonly pinned: Capsule | 'absent' | undefined;
  /** The join of what upstream holders answered in this read, once asked. */
  readonly upstream: Capsule | 'absent' | 'unreachable' | undefined;
  /**
   * What this cache had when the attempt first read here, where that has been replaced since.
   * Looked at where what is live is too new for what was read.
   */
  readonly snapshot?: Capsule | 'absent' | undefined;
  /** The answers of upstream holders one by one: their pins, or else what their snapshots have. */
  readonly older?: readonly (Capsule | 'absent')[] | undefined;
  /** Whether storage was asked in this read; its answer is then in `local`. */
  readonly storeAsked: boolean;
}

interface Reasoned {
  readonly rule: ReadRule;
  /** One sentence for people, naming keys and versions. */
  readonly because: string;
  /** The clock that the answer has to match (repeatable read) or cover (causal), where there is one. */
  readonly required?: VectorClock | undefined;
  /** The version that this cache held when asked, where it held one. */
  readonly found?: VectorClock | undefined;
}

export type ReadDecision =
  | (Reasoned & {
      readonly act: 'serve';
      readonly source: ReadSource;
      readonly capsule: Capsule | 'absent';
      /**
       * What was read of the key, where the session's own writes are joined to it in `capsule`:
       * nobody else has those, so this is what is recorded and pinned.
       */
      readonly read?: Capsule | 'absent' | undefined;
    })
  | (Reasoned & { readonly act: 'fetch-upstream'; readonly holders: readonly CacheId[] })
  | (Reasoned & { readonly act: 'fetch-store' })
  | (Reasoned & {
      readonly act: 'restart';
      /** What the next attempt has to read at least, where this one read too little. */
      readonly floors?: Dependencies | undefined;
    });
