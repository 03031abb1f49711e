/**
 * What a trigger has to carry when it is known which keys can still be read (protocols.md 2.8): what
 * the session knows of those keys. The rest is for what the session writes and for its token, so
 * whoever leaves it out hands the whole session in elsewhere.
 */
import type { Key, NodeId } from '../ids.ts';
import type { ConsistencyLevel } from './consistency-level.ts';
import type { Session } from './session.ts';

/** Whether what is read later, or in another branch, is held against everything that was read. */
const comparesReads = (level: ConsistencyLevel): boolean =>
  level === 'repeatable-read' || level === 'causal-cut';

/**
 * @param keys all that can be read from here on; nothing can be written
 * @param by the node that hands the whole session in
 * @returns the session itself when it knows of nothing but these keys and what it has read itself
 */
export function sessionForKeys(session: Session, keys: ReadonlySet<Key>, by: NodeId): Session {
  const { level, reads, bounds, writes, past, carried, handedIn = [] } = session;
  const isKept = (key: Key): boolean => keys.has(key) || reads.has(key);
  const isWhole =
    [bounds, past, carried].every((entries) => [...entries.keys()].every(isKept)) &&
    [...writes.keys()].every((key) => keys.has(key));
  if (isWhole) return session;
  return {
    ...session,
    reads: comparesReads(level) ? reads : onlyOf(reads, keys),
    bounds: onlyOf(bounds, keys),
    writes: onlyOf(writes, keys),
    past: onlyOf(past, keys),
    carried: onlyOf(carried, keys),
    handedIn: [...new Set([...handedIn, by])].toSorted(),
  };
}

const onlyOf = <T>(entries: ReadonlyMap<Key, T>, keys: ReadonlySet<Key>): ReadonlyMap<Key, T> =>
  new Map([...entries].filter(([key]) => keys.has(key)));
