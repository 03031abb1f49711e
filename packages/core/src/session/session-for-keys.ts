/**
 * What a trigger has to carry when it is known which keys can still be read (protocols.md 2.8): what
 * the session has read itself, and of all else what those keys need. The rest is for what the
 * session writes and for its token, so whoever leaves it out hands the whole session in elsewhere.
 */
import type { Key, NodeId } from '../ids.ts';
import type { Session } from './session.ts';

/**
 * @param keys all that can be read from here on; nothing can be written
 * @param by the node that hands the whole session in
 * @returns the session itself when all of it may be needed
 */
export function sessionForKeys(session: Session, keys: ReadonlySet<Key>, by: NodeId): Session {
  const isKnown = (key: Key): boolean => keys.has(key) || session.reads.has(key);
  const bounds = onlyWith(session.bounds, isKnown);
  const writes = onlyWith(session.writes, (key) => keys.has(key));
  const past = onlyWith(session.past, isKnown);
  const carried = onlyWith(session.carried, isKnown);
  const isWhole =
    bounds === session.bounds &&
    writes === session.writes &&
    past === session.past &&
    carried === session.carried;
  if (isWhole) return session;
  const handedIn = [...new Set([...(session.handedIn ?? []), by])].toSorted();
  return { ...session, bounds, writes, past, carried, handedIn };
}

function onlyWith<T>(
  entries: ReadonlyMap<Key, T>,
  isKept: (key: Key) => boolean,
): ReadonlyMap<Key, T> {
  const kept = [...entries].filter(([key]) => isKept(key));
  return kept.length === entries.size ? entries : new Map(kept);
}
