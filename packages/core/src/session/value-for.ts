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
  const there = own.writes.filter((one) => found.writes.some((write) => isSame(write, one)));
  // One branch may have deleted what another has put: a value beside a deletion is visible.
  const last = there.find(({ value }) => value !== null) ?? there[0];
  return last === undefined ? valueOf(found) : (last.value ?? undefined);
}

const isSame = (a: RegisterWrite, b: RegisterWrite): boolean =>
  a.writer === b.writer && a.counter === b.counter && a.timestamp === b.timestamp;
