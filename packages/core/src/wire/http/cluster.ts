/**
 * The body of `/api/v1/cluster` (api.md, "Cluster").
 */
import * as z from 'zod';

export const executorStatus = z.object({
  id: z.string(),
  state: z.enum(['idle', 'busy']),
  /** Calls that run or wait on this executor now. */
  calls: z.number(),
  /** Share of the last second in which calls ran or waited here, 0 to 1. */
  utilisation: z.number(),
  pinnedFunctions: z.array(z.string()),
});

export const cacheStatus = z.object({
  keys: z.number(),
  bytes: z.number(),
  pinned: z.number(),
  hits: z.number(),
  misses: z.number(),
  upstream: z.number(),
});

export const workerStatus = z.object({
  id: z.string(),
  pid: z.number(),
  incarnation: z.number(),
  state: z.enum(['starting', 'running', 'draining']),
  /** Whether the process runs in a jail without network and environment. */
  jailed: z.boolean(),
  executors: z.array(executorStatus),
  cache: cacheStatus,
});
export type WorkerStatus = z.infer<typeof workerStatus>;

export const storageStatus = z.object({
  id: z.string(),
  /** Share of the hash ring that this node owns, 0 to 1. */
  ringShare: z.number(),
  keys: z.number(),
  bytes: z.number(),
  tier: z.enum(['memory', 'disk']),
});
export type StorageStatus = z.infer<typeof storageStatus>;

export const clusterStatus = z.object({
  /** ISO 8601. */
  startedAt: z.string(),
  workers: z.array(workerStatus),
  storage: z.array(storageStatus),
  schedulers: z.array(z.object({ id: z.string(), running: z.number(), completed: z.number() })),
});
export type ClusterStatus = z.infer<typeof clusterStatus>;
