/**
 * The workers to draw: what the server last reported, brought up to date by what the stream has told
 * since. Pure.
 */
import type { ClusterStatus, ClusterView, WorkerStatus } from '@stormglass/core';

export interface WorkerRow {
  readonly id: string;
  readonly state: 'starting' | 'running' | 'draining' | 'crashed' | 'left';
  readonly pid: number | undefined;
  readonly isJailed: boolean;
  readonly executors: readonly ExecutorRow[];
  readonly keys: number | undefined;
  readonly bytes: number | undefined;
  /** 0 to 1, upstream reads counting as neither; `undefined` before the first read. */
  readonly hitRate: number | undefined;
  readonly reads: number;
}

export interface ExecutorRow {
  readonly id: string;
  readonly isBusy: boolean;
  /** The nodes that run here, as `node`. */
  readonly running: readonly string[];
}

export function workerRowsOf(
  status: ClusterStatus | undefined,
  view: ClusterView,
): readonly WorkerRow[] {
  const reported = new Map((status?.workers ?? []).map((worker) => [worker.id, worker]));
  const streamed = new Map(Object.entries(view.workers));
  const ids = new Set([...reported.keys(), ...streamed.keys()]);
  return [...ids]
    .filter((id) => streamed.get(id)?.status !== 'left' || reported.has(id))
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((id) => rowOf(id, reported.get(id), view));
}

function rowOf(id: string, reported: WorkerStatus | undefined, view: ClusterView): WorkerRow {
  const seen = Object.hasOwn(view.workers, id) ? view.workers[id] : undefined;
  const hits = Math.max(seen?.hits ?? 0, reported?.cache.hits ?? 0);
  const misses = Math.max(seen?.misses ?? 0, reported?.cache.misses ?? 0);
  const upstream = Math.max(seen?.upstream ?? 0, reported?.cache.upstream ?? 0);
  const reads = hits + misses + upstream;
  const runningOn = runningByExecutor(id, view);
  return {
    id,
    state:
      seen?.status === 'crashed' || seen?.status === 'draining'
        ? seen.status
        : (reported?.state ?? seen?.status ?? 'starting'),
    pid: reported?.pid,
    isJailed: reported?.jailed ?? false,
    executors: (reported?.executors ?? []).map((executor) => {
      const running = runningOn.get(executor.id) ?? [];
      return { id: executor.id, isBusy: executor.state === 'busy' || running.length > 0, running };
    }),
    keys: reported?.cache.keys,
    bytes: reported?.cache.bytes,
    hitRate: reads === 0 ? undefined : hits / reads,
    reads,
  };
}

function runningByExecutor(
  worker: string,
  view: ClusterView,
): ReadonlyMap<string, readonly string[]> {
  const running = new Map<string, string[]>();
  for (const invocation of view.invocations) {
    if (invocation.status !== 'running') continue;
    for (const [node, { status, worker: at, executor }] of Object.entries(invocation.nodes)) {
      if (status !== 'running' || at !== worker || executor === undefined) continue;
      running.set(executor, [...(running.get(executor) ?? []), node]);
    }
  }
  return running;
}
