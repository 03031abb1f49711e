/**
 * The roles that live in one worker process: a cache and its executors.
 */
import type { ExecutorId, StorageId, WorkerId } from '@stormglass/core';
import { Cache } from '../cache/cache.ts';
import { Executor } from '../executor/executor.ts';
import type { FunctionHost } from '../ports/function-host.ts';
import type { Ports } from '../ports/ports.ts';
import type { Role } from '../ports/transport.ts';
import { HashRing } from '../storage/hash-ring.ts';

export interface WorkerRolesOptions {
  readonly worker: WorkerId;
  readonly incarnation: number;
  readonly executors: readonly ExecutorId[];
  /** The storage nodes of the cluster: the same everywhere. */
  readonly storages: readonly StorageId[];
  readonly ports: Ports;
  readonly createHost: (executor: ExecutorId) => FunctionHost;
  readonly cacheBytesMax?: number | undefined;
}

export interface WorkerRoles {
  readonly all: readonly Role[];
  readonly cache: Cache;
  readonly executors: readonly Executor[];
}

export const createWorkerRoles = (options: WorkerRolesOptions): WorkerRoles => {
  const { worker, incarnation, ports } = options;
  const ring = new HashRing(options.storages);
  const cache = new Cache({ worker, incarnation, ports, ring, bytesMax: options.cacheBytesMax });
  const executors = options.executors.map((id) => {
    const { storages, createHost } = options;
    return new Executor({ id, worker, incarnation, ports, storages, host: createHost(id) });
  });
  return { all: [cache, ...executors], cache, executors };
};
