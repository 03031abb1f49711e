/**
 * What a viewer knows of the cluster: the state that `reduceClusterView` builds from events alone.
 */
import * as z from 'zod';
import { consistencyLevels } from '../session/consistency-level.ts';

export const nodeView = z.object({
  worker: z.string().optional(),
  executor: z.string().optional(),
  status: z.enum(['waiting', 'running', 'succeeded', 'failed', 'cancelled']),
  startedAt: z.number().optional(),
  durationUs: z.number().optional(),
  hits: z.number(),
  misses: z.number(),
  upstream: z.number(),
  writes: z.number(),
});
export type NodeView = z.infer<typeof nodeView>;

export const invocationView = z.object({
  invocation: z.string(),
  dag: z.string(),
  consistency: z.enum(consistencyLevels),
  status: z.enum(['running', 'succeeded', 'failed', 'cancelled']),
  attempt: z.number(),
  startedAt: z.number(),
  durationUs: z.number().optional(),
  nodes: z.record(z.string(), nodeView),
});
export type InvocationView = z.infer<typeof invocationView>;

export const workerView = z.object({
  id: z.string(),
  status: z.enum(['running', 'draining', 'crashed', 'left']),
  hits: z.number(),
  misses: z.number(),
  upstream: z.number(),
  /** Nodes that run on this worker now, as `invocation/node`. */
  running: z.array(z.string()),
});
export type WorkerView = z.infer<typeof workerView>;

export const clusterView = z.object({
  workers: z.record(z.string(), workerView),
  storages: z.record(z.string(), z.object({ id: z.string(), merges: z.number() })),
  /** The newest {@link INVOCATIONS_IN_VIEW_MAX}, oldest first. */
  invocations: z.array(invocationView),
});
export type ClusterView = z.infer<typeof clusterView>;

export const INVOCATIONS_IN_VIEW_MAX = 100;
