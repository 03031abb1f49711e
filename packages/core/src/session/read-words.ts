/**
 * The words that the sentences of read decisions share.
 */
import type { Dependencies } from '../causality/dependencies.ts';
import { EMPTY_CLOCK, formatClock, type VectorClock } from '../clock/vector-clock.ts';
import type { CacheId, Key } from '../ids.ts';
import type { Capsule } from '../lattice/capsule.ts';
import { versionOf } from '../lattice/capsule-view.ts';
import type { ReadQuestion } from './read-decision.ts';

/** The version of what a cache holds; absent has the empty one (T7). */
export const versionHeld = (held: Capsule | 'absent'): VectorClock =>
  held === 'absent' ? EMPTY_CLOCK : versionOf(held);

export const versionText = (held: Capsule | 'absent'): string =>
  held === 'absent' ? '(absent)' : formatClock(versionOf(held));

/** What a cache has of a key: `w1 holds k {a:1}`, or `w1 knows that k is absent`. */
export const holdsText = (self: CacheId, key: Key, held: Capsule | 'absent'): string =>
  held === 'absent'
    ? `${self} knows that ${key} is absent`
    : `${self} holds ${key} ${versionText(held)}`;

/** A version that was read, where the empty one is the absence of the key. */
export const clockText = (clock: VectorClock): string =>
  clock.size === 0 ? '(absent)' : formatClock(clock);

/** What is asked for of several keys: `acl {w1:2} and l {w2:1}`. */
export const dependenciesText = (dependencies: Dependencies): string =>
  listText([...dependencies].map(([key, clock]) => `${key} ${formatClock(clock)}`));

/** In the middle of a sentence that has named the key: `w1 holds {a:1}`. */
export const heldText = ({ self, local }: ReadQuestion): string =>
  local === undefined ? `${self} does not hold it` : `${self} holds ${versionText(local)}`;

/** `w1`, `w1 and w2`, `w1, w2 and w3`. */
export const listText = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;

/** `found` for a decision: the version that the cache held, when it held the key at all. */
export const foundIn = (
  held: Capsule | 'absent' | undefined,
): { readonly found?: VectorClock | undefined } =>
  held === undefined ? {} : { found: versionHeld(held) };
