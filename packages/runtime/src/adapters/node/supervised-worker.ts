/**
 * What the supervisor knows of one worker slot: it survives a crash, its process and incarnation do
 * not.
 */
import type { ExecutorId, Peer, WorkerId, WorkerStats, WorkerStatus } from '@stormglass/core';
import type { Attachment } from './server-hub.ts';
import type { SocketLink } from './socket-link.ts';
import type { WorkerProcess } from './worker-process.ts';

/** A process that said `hello` and was welcomed. */
export interface Connection {
  readonly socket: SocketLink;
  readonly attachment: Attachment;
  readonly peer: Peer;
  readonly sinceMs: number;
  /** Resolves when the link is closed and all that came over it was read. */
  readonly closed: Promise<void>;
  heardAtMs: number;
  /** Until then the worker may say nothing. */
  silentUntilMs: number;
  /** It was silent for too long at the last look; so it is not the server that was away. */
  isSuspect: boolean;
}

export interface SupervisedWorker {
  readonly id: WorkerId;
  readonly executors: readonly ExecutorId[];
  readonly joined: PromiseWithResolvers<WorkerId>;
  hasJoined: boolean;
  isDraining: boolean;
  /** It was told to end; it is not replaced. */
  isStopping: boolean;
  incarnation: number;
  isJailed: boolean;
  process: WorkerProcess | undefined;
  /** The token that the process under way has to say `hello` with. */
  token: string | undefined;
  connection: Connection | undefined;
  stats: WorkerStats | undefined;
  /** Lives in a row that ended early. */
  shortLives: number;
  cancelTimer: (() => void) | undefined;
}

export function newWorker(id: WorkerId, executors: number): SupervisedWorker {
  return {
    id,
    executors: Array.from({ length: executors }, (_, index) => `${id}/e${index + 1}`),
    joined: Promise.withResolvers<WorkerId>(),
    hasJoined: false,
    isDraining: false,
    isStopping: false,
    incarnation: 0,
    isJailed: false,
    process: undefined,
    token: undefined,
    connection: undefined,
    stats: undefined,
    shortLives: 0,
    cancelTimer: undefined,
  };
}

const EMPTY_CACHE = { keys: 0, bytes: 0, pinned: 0, hits: 0, misses: 0, upstream: 0 };

const IDLE_EXECUTOR = { state: 'idle' as const, calls: 0, utilisation: 0, pinnedFunctions: [] };

/** As the HTTP contract shows it; the figures are those of the last pong. */
export function statusOf(worker: SupervisedWorker): WorkerStatus {
  const running = worker.isDraining ? 'draining' : 'running';
  return {
    id: worker.id,
    pid: worker.process?.pid ?? 0,
    incarnation: worker.incarnation,
    state: worker.connection === undefined ? 'starting' : running,
    jailed: worker.isJailed,
    executors: worker.stats?.executors ?? worker.executors.map((id) => ({ id, ...IDLE_EXECUTOR })),
    cache: worker.stats?.cache ?? EMPTY_CACHE,
  };
}
