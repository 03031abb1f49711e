/**
 * The one value that a session is given of a key. A version that is served to it may hold what others
 * wrote at the same time, and newer by the clock: its own write still comes first.
 */
import type { EncodedValue, Key } from '../ids.ts';
import type { Capsule, RegisterWrite } from '../lattice/capsule.ts';
import { valueOf } from '../lattice/capsule-view.ts';
import type { Session } from './session.ts';

/** Undefined where the key has no value, or where the session's last write deleted it. */
export function valueFor(
  { writes }: Pick<Session, 'writes'>,
  key: Key,
  found: Capsule | 'absent',
): EncodedValue | undefined {
  if (found === 'absent') return undefined;
  const own = writes.get(key);
  if (found.kind !== 'register' || own?.kind !== 'register') return valueOf(found);
  const [last] = own.writes;
  const isThere = last !== undefined && found.writes.some((write) => isSame(write, last));
  return isThere ? (last.value ?? undefined) : valueOf(found);
}

const isSame = (a: RegisterWrite, b: RegisterWrite): boolean =>
  a.writer === b.writer && a.counter === b.counter && a.timestamp === b.timestamp;
