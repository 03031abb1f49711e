/**
 * Whether what one attempt has read is a causal cut (correctness.md 6.7, strict): no version that
 * was read depends on a newer version of another key that was read.
 */
import type { Dependencies } from '../causality/dependencies.ts';
import { clocksEqual, covers, joinClocks, type VectorClock } from '../clock/vector-clock.ts';
import type { Key } from '../ids.ts';
import type { Session, SessionRead } from './session.ts';

type Reads = ReadonlyMap<Key, SessionRead>;

/**
 * What a version of `key` with these dependencies asks for beyond what was read: the keys that were
 * read too old beside it, with the clock that they would have to cover.
 */
export function missingFromReads(reads: Reads, key: Key, dependencies: Dependencies): Dependencies {
  const missing = new Map<Key, VectorClock>();
  for (const [other, bound] of dependencies) {
    const read = other === key ? undefined : reads.get(other)?.version;
    if (read !== undefined && !covers(read, bound)) missing.set(other, bound);
  }
  return missing;
}

/**
 * What keeps two branches from being one cut: keys that they read in two versions, and keys that one
 * read older than something that the other read depends on.
 */
export function missingBetween(a: Session, b: Session): Dependencies {
  const missing = new Map<Key, VectorClock>();
  for (const [key, { version }] of b.reads) {
    const other = a.reads.get(key)?.version;
    if (other !== undefined && !clocksEqual(other, version)) {
      missing.set(key, joinClocks(other, version));
    }
  }
  for (const [one, another] of [
    [a, b],
    [b, a],
  ] as const) {
    for (const key of commonKeys(one.reads, another.bounds)) {
      const version = one.reads.get(key)?.version;
      const bound = another.bounds.get(key)?.clock;
      if (version === undefined || bound === undefined || covers(version, bound)) continue;
      missing.set(key, joinClocks(missing.get(key) ?? bound, bound));
    }
  }
  return missing;
}

/** At least those that both have, in the order of the first where that is not much the larger one. */
const commonKeys = (
  a: ReadonlyMap<Key, unknown>,
  b: ReadonlyMap<Key, unknown>,
): IterableIterator<Key> => (a.size > LARGE_SIZE && a.size > 2 * b.size ? b.keys() : a.keys());

const LARGE_SIZE = 64;
