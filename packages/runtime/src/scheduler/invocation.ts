/**
 * One invocation under way, over all its attempts. Everything is fenced by (invocation, attempt).
 */
import {
  NO_DEPENDENCIES,
  type CacheId,
  type Capsule,
  type ConsistencyLevel,
  type Dependencies,
  type ExecutorId,
  type Failure,
  type InvocationAnswer,
  type InvocationId,
  type Key,
  type MessageOf,
  type NodeId,
  type Schedule,
  type Session,
  type SessionToken,
  type WorkerId,
} from '@stormglass/core';
import type { Cancel } from '../ports/timers.ts';
import type { Terms } from './admit.ts';
import type { Plan } from './plan.ts';
import type { CommitRequest } from './storage-link.ts';

export interface Invocation {
  readonly id: InvocationId;
  readonly request: MessageOf<'scheduler.invoke'>;
  readonly plan: Plan;
  readonly level: ConsistencyLevel;
  readonly token: SessionToken | undefined;
  readonly startedUs: number;
  readonly timeoutMs: number;
  readonly deadlineUs: number;
  /** The one timer: looks after the attempt, and ends the invocation at its deadline. */
  cancelTimer: Cancel;
  /**
   * `waiting` for a worker, `pinning` what the attempt is given, `running`, or `committing`: then
   * nothing can stop it any more.
   */
  state: 'waiting' | 'pinning' | 'running' | 'committing';
  attempt: number;
  schedule: Schedule;
  /** Sink → JSON text of its result. */
  readonly results: Map<NodeId, string | undefined>;
  sinkSessions: Session[];
  /** Node → its whole session, where it has left something out of its triggers. */
  readonly handedIn: Map<NodeId, Session>;
  /** Keys that attempts read in versions that did not go together. */
  readonly seeds: Set<Key>;
  /** What attempts found that reads have to cover. */
  floors: Dependencies;
  /** Commits so far, flushes included. */
  commits: number;
  /** The flushes of this attempt by node and number, with what they came to. */
  readonly flushes: Map<string, Flush>;
  /** What executors have said of this attempt since they were last asked. */
  readonly progress: Map<ExecutorId, MessageOf<'scheduler.progress'>>;
  /** The attempt that executors were last asked about. */
  askedAttempt: number;
  /** What they had said together the time before; `undefined` when a call was running. */
  lastSeen: string | undefined;
}

export type Flush =
  | { readonly state: 'under way' }
  | { readonly state: 'over'; readonly failure: Failure | undefined };

export const openInvocation = (
  request: MessageOf<'scheduler.invoke'>,
  terms: Terms,
  startedUs: number,
): Invocation => ({
  ...terms,
  id: request.invocation,
  request,
  startedUs,
  deadlineUs: startedUs + terms.timeoutMs * 1_000,
  cancelTimer: () => undefined,
  state: 'waiting',
  attempt: 1,
  schedule: new Map(),
  results: new Map(),
  sinkSessions: [],
  handedIn: new Map(),
  seeds: new Set(),
  floors: NO_DEPENDENCIES,
  commits: 0,
  flushes: new Map(),
  progress: new Map(),
  askedAttempt: 0,
  lastSeen: undefined,
});

/** @param answer to be kept for the request, if that has an identity */
export const nextCommit = (
  invocation: Invocation,
  writes: ReadonlyMap<Key, Capsule>,
  answer?: InvocationAnswer,
): CommitRequest => {
  const { id, attempt, request } = invocation;
  invocation.commits += 1;
  return {
    invocation: id,
    attempt,
    ordinal: invocation.commits,
    writes,
    kept: answer && request.identity && { identity: request.identity, answer },
    trace: request.trace,
  };
};

/** What the attempt is still waited for: sinks, then nodes whose whole session has not come. */
export const nodesAwaited = ({
  plan,
  results,
  sinkSessions,
  handedIn,
}: Invocation): readonly NodeId[] => {
  const sinks = plan.sinks.filter((sink) => !results.has(sink));
  if (sinks.length > 0) return sinks;
  const named = new Set(sinkSessions.flatMap((session) => session.handedIn ?? []));
  return [...named].filter((node) => !handedIn.has(node));
};

/** Whether an attempt is placed and nothing of it is being committed. */
export const isUnderWay = ({ state }: Invocation): boolean =>
  state === 'running' || state === 'pinning';

export const executorsOf = (schedule: Schedule): readonly ExecutorId[] => [
  ...new Set([...schedule.values()].map(({ executor }) => executor)),
];

export const workersOf = (schedule: Schedule): readonly WorkerId[] => [
  ...new Set([...schedule.values()].map(({ worker }) => worker)),
];

/** Every cache that may hold something for the running attempt, when it ends without telling which. */
export const cachesOf = (schedule: Schedule, touched: readonly CacheId[]): readonly CacheId[] => [
  ...new Set([...workersOf(schedule), ...touched]),
];
