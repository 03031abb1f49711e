/**
 * What the scheduler believes about workers and executors: hints from reports, and its own count of
 * what it placed.
 */
import type { ExecutorId, Key, WorkerId } from '@stormglass/core';
import { BUSY_BELIEVED_MS } from '../limits.ts';

export interface UtilisationReport {
  /** Share of time, 0 to 1. */
  readonly utilisation: number;
  /** When it came; microseconds since the cluster started. */
  readonly atUs: number;
}

export interface ExecutorBelief {
  readonly id: ExecutorId;
  readonly worker: WorkerId;
  /** Nodes placed here whose invocations are not over. */
  load: number;
  /** How busy it told that it was. */
  report: UtilisationReport | undefined;
  /** `name@version` of the definitions that were sent there. */
  readonly definitions: Set<string>;
  /** Names of functions that ran there, so their isolates are warm. */
  readonly warm: Set<string>;
}

export interface WorkerBelief {
  readonly id: WorkerId;
  isDraining: boolean;
  /** It did not answer lately. */
  isSuspect: boolean;
  /** When it last said that it runs user code; microseconds since the cluster started. */
  busyAtUs: number;
  readonly executors: readonly ExecutorBelief[];
  readonly keys: Set<Key>;
}

export class Fleet {
  /** Grows when executors come, go, or get warm for another function. */
  revision = 0;
  /** Nodes placed on all executors whose invocations are not over. */
  load = 0;
  readonly #workers = new Map<WorkerId, WorkerBelief>();
  readonly #executors = new Map<ExecutorId, ExecutorBelief>();

  join(worker: WorkerId, executors: readonly ExecutorId[]): void {
    this.leave(worker);
    const beliefs = executors.map((id) => ({
      id,
      worker,
      load: 0,
      report: undefined,
      definitions: new Set<string>(),
      warm: new Set<string>(),
    }));
    this.#workers.set(worker, {
      id: worker,
      isDraining: false,
      isSuspect: false,
      busyAtUs: -Infinity,
      executors: beliefs,
      keys: new Set(),
    });
    for (const belief of beliefs) this.#executors.set(belief.id, belief);
    this.revision += 1;
  }

  leave(worker: WorkerId): void {
    for (const { id, load } of this.#workers.get(worker)?.executors ?? []) {
      this.#executors.delete(id);
      this.load -= load;
    }
    this.revision += 1;
    this.#workers.delete(worker);
  }

  drain(worker: WorkerId): void {
    const belief = this.#workers.get(worker);
    if (belief !== undefined) belief.isDraining = true;
    this.revision += 1;
  }

  /** Definitions were lost on the way: send all of them again. */
  forgetDefinitions(executor: ExecutorId): void {
    this.#executors.get(executor)?.definitions.clear();
  }

  suspect(worker: WorkerId, isSuspect: boolean): void {
    const belief = this.#workers.get(worker);
    if (belief !== undefined) belief.isSuspect = isSuspect;
    this.revision += 1;
  }

  noteBusy(worker: WorkerId, atUs: number): void {
    const belief = this.#workers.get(worker);
    if (belief !== undefined) belief.busyAtUs = atUs;
  }

  /** Whether the worker of this executor runs user code, so that it may not answer. */
  isBusy(executor: ExecutorId, nowUs: number): boolean {
    const worker = this.#executors.get(executor)?.worker;
    const belief = worker === undefined ? undefined : this.#workers.get(worker);
    return belief !== undefined && nowUs - belief.busyAtUs < BUSY_BELIEVED_MS * 1_000;
  }

  addLoad(executor: ExecutorBelief, nodes: number): void {
    // What ends now may have been placed on an executor of the same name that has crashed since.
    const after = Math.max(0, executor.load + nodes);
    this.load += after - executor.load;
    executor.load = after;
  }

  reported(executor: ExecutorId, report: UtilisationReport): void {
    const belief = this.#executors.get(executor);
    if (belief !== undefined) belief.report = report;
  }

  /** The function has run there: its isolate is kept. */
  warm(executor: ExecutorBelief, name: string): void {
    if (executor.warm.has(name)) return;
    executor.warm.add(name);
    this.revision += 1;
  }

  worker(id: WorkerId): WorkerBelief | undefined {
    return this.#workers.get(id);
  }

  executor(id: ExecutorId): ExecutorBelief | undefined {
    return this.#executors.get(id);
  }

  /** Executors that new invocations may use, in the order their workers joined. */
  candidates(): readonly ExecutorBelief[] {
    const open = [...this.#workers.values()].filter(({ isDraining }) => !isDraining);
    const trusted = open.filter(({ isSuspect }) => !isSuspect);
    return (trusted.length > 0 ? trusted : open).flatMap(({ executors }) => executors);
  }

  /** Whether nothing placed on the worker is still running. */
  isIdle(worker: WorkerId): boolean {
    return this.#workers.get(worker)?.executors.every(({ load }) => load === 0) ?? true;
  }
}
