/**
 * Every decision of the consistency protocols as one replaceable pure function, with the corrected
 * one as default. The roles take their decisions from here and decide nothing themselves, so a test
 * that puts a published defect back replaces one function and leaves production code alone
 * (protocols.md decision 9).
 */
import type { Dependencies } from '../causality/dependencies.ts';
import type { EncodedValue, InvocationId, Key, NodeId } from '../ids.ts';
import type { Capsule } from '../lattice/capsule.ts';
import { dependenciesOf } from '../lattice/capsule-view.ts';
import { isMismatch, joinCapsules, type LatticeMismatch } from '../lattice/join-capsules.ts';
import type { RegisterWrite } from '../lattice/capsule.ts';
import { registerWrite, type RegisterWriteInput } from '../lattice/write-register.ts';
import { decideRead } from './decide-read.ts';
import { type MergedSessions, mergeSessions } from './merge-sessions.ts';
import type { ReadDecision, ReadQuestion } from './read-decision.ts';
import type { Session } from './session.ts';
import { type ReadToRecord, recordRead, recordWrite, type WriteToRecord } from './session-steps.ts';
import { valueFor } from './value-for.ts';

export interface ProtocolStrategies {
  /** What a cache does next about a read (2.3 rows 1 to 4, 6, 9 and 10). */
  readonly decideRead: (question: ReadQuestion) => ReadDecision;
  /** What a read leaves in its session: read set, bounds, past (2.3 rows 5, 12 and 15). */
  readonly recordRead: (session: Session, read: ReadToRecord) => Session;
  /** What a write leaves in its session (2.3 row 10). */
  readonly recordWrite: (session: Session, write: WriteToRecord) => Session;
  /** Fan-in, several sinks, and requests of one function that overlap (2.3 rows 7 and 11). */
  readonly mergeSessions: (sessions: readonly Session[]) => MergedSessions;
  /** The session as a trigger carries it: the bounds have to be the transitive ones (2.8). */
  readonly sessionOfTrigger: (session: Session) => Session;
  /** Whose pins and lanes these are (2.3 row 13). */
  readonly attemptId: (attempt: AttemptName) => string;
  /**
   * What a cache hands out of what it pinned for an attempt, given what it holds live (2.3 row 14).
   */
  readonly pinnedVersion: <Found>(
    pinned: Found | undefined,
    live: Found | undefined,
  ) => Found | undefined;
  /** What has to be in the causal cut before a version may enter it (2.6). */
  readonly requirementsOf: (capsule: Capsule) => Dependencies;
  /** Dot, context and dependencies of a put or delete (2.8). */
  readonly registerWrite: (input: RegisterWriteInput) => RegisterWrite;
  /** What a writer publishes, given what it has published for the key before (a_latest, 2.4). */
  readonly published: (before: Capsule | undefined, fresh: Capsule) => Capsule;
  /** The join of two capsules wherever a role holds versions of a key (2.4). */
  readonly joinCapsules: (a: Capsule, b: Capsule) => Capsule | LatticeMismatch;
  /** The one value that a function is given of what was found (T8). */
  readonly valueFor: (
    session: Pick<Session, 'writes'>,
    key: Key,
    found: Capsule | 'absent',
  ) => EncodedValue | undefined;
  /** Whether the trigger of an upstream node has come before (X4). */
  readonly isRepeatedTrigger: (arrived: ReadonlyMap<NodeId, unknown>, from: NodeId) => boolean;
}

export interface AttemptName {
  readonly invocation: InvocationId;
  readonly attempt: number;
}

export const correctedProtocol: ProtocolStrategies = {
  decideRead,
  recordRead,
  recordWrite,
  mergeSessions,
  sessionOfTrigger: (session) => session,
  attemptId: ({ invocation, attempt }) => `${invocation}#${attempt}`,
  pinnedVersion: (pinned) => pinned,
  requirementsOf: dependenciesOf,
  registerWrite,
  published: (before, fresh) => {
    const joined = before === undefined ? fresh : joinCapsules(before, fresh);
    return isMismatch(joined) ? fresh : joined;
  },
  joinCapsules,
  valueFor,
  isRepeatedTrigger: (arrived, from) => arrived.has(from),
};
