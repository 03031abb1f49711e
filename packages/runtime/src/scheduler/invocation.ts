/**
 * One invocation under way, over all its attempts. Everything is fenced by (invocation, attempt).
 */
import type {
  CacheId,
  ConsistencyLevel,
  Dependencies,
  ExecutorId,
  InvocationId,
  Key,
  MessageOf,
  NodeId,
  Schedule,
  Session,
  SessionToken,
  WorkerId,
} from '@stormglass/core';
import type { Cancel } from '../ports/timers.ts';
import type { Plan } from './plan.ts';

export interface Invocation {
  readonly id: InvocationId;
  readonly request: MessageOf<'scheduler.invoke'>;
  readonly plan: Plan;
  readonly level: ConsistencyLevel;
  readonly token: SessionToken | undefined;
  readonly startedUs: number;
  readonly deadlineUs: number;
  cancelDeadline: Cancel;
  /** `waiting` for a worker, `running`, or `committing`: then nothing can stop it any more. */
  state: 'waiting' | 'running' | 'committing';
  attempt: number;
  schedule: Schedule;
  /** Sink → JSON text of its result. */
  readonly results: Map<NodeId, string | undefined>;
  sinkSessions: Session[];
  /** Keys that attempts read in versions that did not go together. */
  readonly seeds: Set<Key>;
  /** What attempts found that reads have to cover. */
  floors: Dependencies;
}

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
