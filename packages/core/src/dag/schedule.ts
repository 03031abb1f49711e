/**
 * A schedule: where each node of one attempt of an invocation runs.
 */
import type { ExecutorId, NodeId, WorkerId } from '../ids.ts';

export interface Placement {
  readonly worker: WorkerId;
  readonly executor: ExecutorId;
}

export type Schedule = ReadonlyMap<NodeId, Placement>;
