/**
 * Defects of what a function is given of the right version, and of what a put takes the place of.
 */
import {
  recordRead,
  valueFor,
  valueOf,
  type Capsule,
  type EncodedValue,
  type Key,
  type ReadToRecord,
  type Session,
} from '@stormglass/core';
import { type Defect, withDecisions } from './defect.ts';

/** Of the session's own writes only the last one counts, although a delete removed nothing of the others. */
function lastWriteAlone(
  session: Pick<Session, 'writes'>,
  key: Key,
  found: Capsule | 'absent',
): EncodedValue | undefined {
  const own = session.writes.get(key);
  if (found === 'absent' || found.kind !== 'register' || own?.kind !== 'register') {
    return valueFor(session, key, found);
  }
  const [last] = own.writes;
  const isThere = found.writes.some(
    ({ writer, counter, timestamp }) =>
      writer === last?.writer && counter === last.counter && timestamp === last.timestamp,
  );
  return isThere ? (last?.value ?? undefined) : valueOf(found);
}

/** What others wrote at the same time and newer by the clock hides what the session has put. */
const newestFirst = (
  _session: Pick<Session, 'writes'>,
  _key: Key,
  found: Capsule | 'absent',
): EncodedValue | undefined => (found === 'absent' ? undefined : valueOf(found));

/** What is read leaves no trace, so that a put has nothing to replace. */
const forgottenRead = (session: Session, read: ReadToRecord): Session => ({
  ...session,
  touched: recordRead(session, read).touched,
});

export const valueDefects: readonly Defect[] = [
  {
    name: 'last-write-alone',
    source: 'SES1',
    what: 'what one branch deleted hides what another one put',
    level: 'causal',
    plant: withDecisions({ valueFor: lastWriteAlone }),
  },
  {
    name: 'newest-first',
    source: 'SES1',
    what: 'a newer write of another hides what the session has put',
    level: 'causal',
    plant: withDecisions({ valueFor: newestFirst }),
  },
  {
    name: 'blind-puts',
    source: 'CACHE11',
    what: 'a put stands beside what its session has read',
    level: 'single-key-causal',
    plant: withDecisions({ recordRead: forgottenRead }),
  },
];
