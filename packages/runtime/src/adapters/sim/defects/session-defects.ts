/**
 * Rows of table 2.3, and what stands beside it, that are about what a session remembers and hands
 * on.
 */
import {
  addDependency,
  decideRead,
  EMPTY_CLOCK,
  mergeSessions,
  recordRead,
  registerWrite,
  versionOf,
  type ReadDecision,
  type ReadQuestion,
  type ReadToRecord,
  type RegisterWrite,
  type RegisterWriteInput,
  type Session,
} from '@stormglass/core';
import { type Defect, withDecisions } from './defect.ts';

/** Only whose pins have to be released in the end. */
const onlyTouched = (session: Session, read: ReadToRecord): Session => ({
  ...session,
  touched: recordRead(session, read).touched,
});

/** Row 7: what is read for the first time is compared with bounds, not with what was read before. */
const forwardOnly = (question: ReadQuestion): ReadDecision => {
  const { session, key } = question;
  const isFirst = session.level === 'causal-cut' && !session.reads.has(key);
  const judged: Session = isFirst ? { ...session, level: 'causal' } : session;
  return decideRead({ ...question, session: judged });
};

/** Row 12: being absent is not a version. */
const absentNotRecorded = (session: Session, read: ReadToRecord): Session =>
  read.capsule === 'absent' ? onlyTouched(session, read) : recordRead(session, read);

/** Row 15: what is handed on is the dependencies of a version without the version itself. */
const withoutItself = (session: Session, read: ReadToRecord): Session => ({
  ...recordRead(session, read),
  reads: session.reads,
});

/** The keys themselves that were read, not what they depend on. */
const directPast = (session: Session, read: ReadToRecord): Session => ({
  ...recordRead(session, read),
  past: addDependency(
    session.past,
    read.key,
    read.capsule === 'absent' ? EMPTY_CLOCK : versionOf(read.capsule),
  ),
});

const withoutInherited = (input: RegisterWriteInput): RegisterWrite => {
  const { context } = registerWrite(input);
  const seenClock = context;
  return registerWrite({ ...input, seen: undefined, seenClock });
};

export const sessionDefects: readonly Defect[] = [
  {
    name: 'no-record',
    source: '2.3 row 5',
    what: 'a read leaves nothing in the session',
    level: 'repeatable-read',
    plant: withDecisions({ recordRead: onlyTouched }),
  },
  {
    name: 'forward-checks-only',
    source: '2.3 row 7',
    what: 'what is read is not compared with what was read before',
    level: 'causal-cut',
    plant: withDecisions({ decideRead: forwardOnly }),
  },
  {
    name: 'no-fan-in-test',
    source: '2.3 row 11',
    what: 'branches that read a key in two versions are joined',
    level: 'repeatable-read',
    plant: withDecisions({
      mergeSessions: (sessions) => ({ ...mergeSessions(sessions), conflicts: [] }),
    }),
  },
  {
    name: 'absent-not-recorded',
    source: '2.3 row 12',
    what: 'reading an absent key leaves nothing in the session',
    level: 'repeatable-read',
    plant: withDecisions({ recordRead: absentNotRecorded }),
  },
  {
    name: 'pins-by-client',
    source: '2.3 row 13',
    what: 'pins of all invocations of one client are the same',
    level: 'repeatable-read',
    plant: withDecisions({ attemptId: () => 'the client' }),
  },
  {
    name: 'closure-without-itself',
    source: '2.3 row 15',
    what: 'the dependencies of a version are handed on without the version',
    level: 'causal',
    plant: withDecisions({ recordRead: withoutItself }),
  },
  {
    name: 'dropped-inheritance',
    source: '2.8 (I)',
    what: 'a version does not take over the dependencies of the one that it replaces',
    level: 'causal',
    isRare: true,
    plant: withDecisions({ recordRead: directPast, registerWrite: withoutInherited }),
  },
  {
    name: 'nearest-only-triggers',
    source: '2.8',
    what: 'a trigger carries direct dependencies and not what those depend on',
    level: 'causal',
    isRare: true,
    plant: withDecisions({ recordRead: directPast }),
  },
  {
    name: 'repeated-triggers',
    source: '1.3',
    what: 'a trigger that comes twice is never recognised',
    level: 'lww',
    plant: withDecisions({ isRepeatedTrigger: () => false }),
  },
];
