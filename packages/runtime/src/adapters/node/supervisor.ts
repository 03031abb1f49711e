/**
 * Starts worker processes, watches them, replaces those that crash, and ends all of them.
 *
 * It tells the scheduler who is there (`report`) and everybody who else is there, so that workers
 * open links among themselves. It never looks into messages.
 */
import {
  assert,
  type LinkFrame,
  type LinkFrameOf,
  type MessageOf,
  type RuntimeEvent,
  type StorageId,
  type WorkerId,
  type WorkerStatus,
} from '@stormglass/core';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { workerSource } from './causal-knowledge.ts';
import { Heartbeat } from './heartbeat.ts';
import { openJail, type Jail } from './jail.ts';
import { withFields, type Log } from './log.ts';
import { nodeTimers } from './node-timers.ts';
import { LONG_LIFE_MS, restartDelayMs } from './restart-delay.ts';
import type { ServerHub } from './server-hub.ts';
import { makeSocketDirectory, SERVER_SOCKET, type SocketDirectory } from './socket-directory.ts';
import type { SocketLink } from './socket-link.ts';
import {
  newWorker,
  statusOf,
  type Connection,
  type SupervisedWorker,
} from './supervised-worker.ts';
import { WorkerDoor, type Guest } from './worker-door.ts';
import { culpritOf, describeExit, type WorkerExit } from './worker-exit.ts';
import { WorkerProcess } from './worker-process.ts';

const EXECUTORS_PER_WORKER_DEFAULT = 2;
const START_TIMEOUT_MS = 30_000;
/** A worker that never joined is given up after this many starts. */
const STARTS_MAX = 3;
const STOP_TIMEOUT_MS = 1_000;

type SupervisorReport = 'scheduler.worker' | 'scheduler.utilisation' | 'scheduler.busy';

export interface SupervisorOptions {
  readonly hub: ServerHub;
  /**
   * Path of the module that a worker process runs; it gets its {@link WorkerStart} from
   * `readWorkerStart`.
   */
  readonly entry: string;
  readonly storageNodes: readonly StorageId[];
  /** When the cluster started, on the machine's monotonic clock. */
  readonly startedAtNs: bigint;
  /** Durable before it resolves; never the same number twice for one worker. */
  readonly nextIncarnation: (worker: WorkerId) => Promise<number>;
  /** For the scheduler. Of a worker's status called after the other workers were told. */
  readonly report: (message: MessageOf<SupervisorReport>) => void;
  readonly log: Log;
  /** Default {@link EXECUTORS_PER_WORKER_DEFAULT}. */
  readonly executorsPerWorker?: number | undefined;
  /**
   * A worker that says nothing for this long is killed, unless it announced that user code may keep
   * it busy. In milliseconds, default 15,000.
   */
  readonly silenceMs?: number | undefined;
  /** False: never start workers in a jail. Default: where bubblewrap works. */
  readonly jail?: boolean | undefined;
}

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #directory: SocketDirectory;
  readonly #workers = new Map<WorkerId, SupervisedWorker>();
  /** One for every process under way: resolves when its end was dealt with. */
  readonly #lives = new Set<Promise<void>>();
  readonly #heartbeat: Heartbeat;
  #door: WorkerDoor | undefined;
  #jail: Jail | undefined;
  #hasJailWorked = false;
  #lastNumber = 0;
  #isClosed = false;

  private constructor(options: SupervisorOptions, directory: SocketDirectory) {
    this.#options = options;
    this.#directory = directory;
    this.#heartbeat = new Heartbeat({
      workers: this.#workers,
      silenceMs: options.silenceMs,
      onSilent: ({ id, process: silent }) => {
        options.log.error({ worker: id }, 'a worker is silent and is killed');
        silent?.kill();
      },
    });
  }

  /** Looks for a jail and opens the door; no worker yet. */
  static async open(options: SupervisorOptions): Promise<Supervisor> {
    const { log } = options;
    const directory = await makeSocketDirectory();
    const supervisor = new Supervisor(options, directory);
    const socketDirectory = directory.path;
    if (options.jail ?? true) supervisor.#jail = await openJail({ socketDirectory, log });
    supervisor.#door = await WorkerDoor.open({
      path: directory.socketPath(SERVER_SOCKET),
      log,
      admit: (hello, link) => supervisor.#admit(hello, link),
    });
    return supervisor;
  }

  /** Resolves with its name when the worker has joined. Rejects when it could not be started. */
  addWorker(): Promise<WorkerId> {
    assert(!this.#isClosed, 'The supervisor is closed');
    this.#lastNumber += 1;
    const executors = this.#options.executorsPerWorker ?? EXECUTORS_PER_WORKER_DEFAULT;
    const worker = newWorker(`w${this.#lastNumber}`, executors);
    this.#workers.set(worker.id, worker);
    this.#launch(worker);
    return worker.joined.promise;
  }

  /**
   * Takes no new work from now on; {@link stopWorker} follows when what it runs has ended. False:
   * no such worker.
   */
  drainWorker(id: WorkerId): boolean {
    const worker = this.#workers.get(id);
    if (worker === undefined) return false;
    if (worker.isDraining) return true;
    worker.isDraining = true;
    if (worker.connection === undefined) {
      this.stopWorker(id);
      return true;
    }
    this.#emit('worker-draining', worker);
    this.#report(worker, 'draining');
    return true;
  }

  /** Ends its process and does not replace it. False: no such worker. */
  stopWorker(id: WorkerId): boolean {
    const worker = this.#workers.get(id);
    if (worker === undefined) return false;
    if (worker.isStopping) return true;
    worker.isStopping = true;
    worker.cancelTimer?.();
    if (worker.process === undefined) this.#remove(worker);
    else if (worker.connection === undefined) worker.process.kill();
    else {
      worker.connection.socket.send({ type: 'stop' });
      worker.cancelTimer = nodeTimers.after(STOP_TIMEOUT_MS, () => worker.process?.kill());
    }
    return true;
  }

  /**
   * SIGKILL, as a crash would be: it is replaced. False: no such worker, or no process of it now.
   */
  killWorker(id: WorkerId): boolean {
    const running = this.#workers.get(id)?.process;
    running?.kill();
    return running !== undefined;
  }

  /** Figures are as old as the last heartbeat, or {@link refresh}. */
  workers(): readonly WorkerStatus[] {
    return [...this.#workers.values()].map(statusOf);
  }

  /** Asks every worker for its figures; those that do not answer soon keep their old ones. */
  refresh(): Promise<void> {
    return this.#heartbeat.refresh();
  }

  /** Ends every process it started, by force after a second. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#heartbeat.close();
    for (const id of this.#workers.keys()) this.stopWorker(id);
    await Promise.all(this.#lives);
    this.#door?.close();
    await this.#directory.remove();
  }

  #launch(worker: SupervisedWorker): void {
    const life = this.#live(worker)
      .catch((error: unknown) => {
        this.#options.log.error({ worker: worker.id, error: String(error) }, 'no worker started');
        worker.joined.reject(error);
        this.#remove(worker);
      })
      .finally(() => this.#lives.delete(life));
    this.#lives.add(life);
  }

  async #live(worker: SupervisedWorker): Promise<void> {
    const incarnation = await this.#options.nextIncarnation(worker.id);
    if (this.#isClosed || worker.isStopping) return;
    const token = randomUUID();
    const name = `${worker.id}.${incarnation}`;
    const listenPath = this.#directory.socketPath(name);
    const jail = this.#jail;
    worker.incarnation = incarnation;
    worker.token = token;
    worker.isJailed = jail !== undefined;
    const { log, entry } = this.#options;
    const fields = { worker: worker.id, incarnation };
    const launched = new WorkerProcess({
      entry,
      arguments: [
        worker.id,
        String(incarnation),
        this.#directory.socketPath(SERVER_SOCKET),
        listenPath,
      ],
      input: token,
      jail,
      log: withFields(log, fields),
      onBusy: () => {
        const { connection, process: current } = worker;
        if (connection === undefined || current !== launched) return;
        this.#heartbeat.noteHeard(connection);
        this.#options.report({ type: 'scheduler.busy', worker: worker.id });
      },
    });
    worker.process = launched;
    worker.cancelTimer = nodeTimers.after(START_TIMEOUT_MS, () => {
      log.error(fields, 'a worker said no hello in time');
      launched.kill();
    });
    const exit = await launched.exited;
    await worker.connection?.closed;
    await rm(listenPath, { force: true });
    this.#onExit(worker, exit);
  }

  #admit(hello: LinkFrameOf<'hello'>, socket: SocketLink): Guest | undefined {
    const worker = this.#workers.get(hello.worker);
    if (worker?.token === undefined || worker.token !== hello.token) return undefined;
    if (worker.incarnation !== hello.incarnation || worker.isStopping) return undefined;
    worker.token = undefined;
    worker.cancelTimer?.();
    this.#hasJailWorked ||= worker.isJailed;
    const closed = Promise.withResolvers<undefined>();
    this.#welcome(worker, socket, closed.promise);
    return {
      received: (frame) => this.#onFrame(worker, socket, frame),
      closed: (reason) => {
        this.#options.log.info({ worker: worker.id, reason }, 'the link to a worker ended');
        if (!worker.isStopping) worker.process?.kill();
        closed.resolve(undefined);
      },
    };
  }

  #welcome(worker: SupervisedWorker, socket: SocketLink, closed: Promise<undefined>): void {
    const { hub, storageNodes, startedAtNs } = this.#options;
    const { id, incarnation, executors } = worker;
    const path = this.#directory.socketPath(`${id}.${incarnation}`);
    const peer = { worker: id, incarnation, path, token: randomUUID() };
    const others = this.#connections();
    const attachment = hub.attach(id, workerSource(id, incarnation), socket);
    const nowMs = performance.now();
    worker.connection = {
      socket,
      attachment,
      peer,
      sinceMs: nowMs,
      closed,
      heardAtMs: nowMs,
      silentUntilMs: 0,
      isSuspect: false,
    };
    socket.send({
      type: 'welcome',
      token: peer.token,
      executors: [...executors],
      storageNodes: [...storageNodes],
      startedAtNs: String(startedAtNs),
      peers: others.map((other) => other.peer),
    });
    for (const other of others) other.socket.send({ type: 'peer-joined', peer });
    this.#heartbeat.begin(worker.connection);
    this.#emit('worker-joined', worker);
    this.#report(worker, 'joined');
    worker.hasJoined = true;
    worker.joined.resolve(id);
  }

  #onFrame(worker: SupervisedWorker, socket: SocketLink, frame: LinkFrame): void {
    const { connection } = worker;
    if (connection?.socket !== socket) return;
    const { hub } = this.#options;
    this.#heartbeat.noteHeard(connection);
    switch (frame.type) {
      case 'message':
        hub.onMessage(connection.attachment, frame);
        return;
      case 'events':
        hub.onEvents(connection.attachment, frame, () => socket.close('Not the next events'));
        return;
      case 'pong':
        this.#heartbeat.notePong(worker, frame);
        this.#options.report({
          type: 'scheduler.utilisation',
          executors: frame.stats.executors.map(({ id, utilisation }) => [id, utilisation]),
        });
        return;
      case 'silence':
        this.#heartbeat.noteSilence(connection, frame);
        return;
      default:
        socket.close(`A worker must not say ${frame.type} here`);
    }
  }

  #onExit(worker: SupervisedWorker, exit: WorkerExit): void {
    const { hub, log } = this.#options;
    const { connection, incarnation, id } = worker;
    const reason = describeExit(exit);
    worker.cancelTimer?.();
    worker.process = undefined;
    worker.token = undefined;
    worker.connection = undefined;
    worker.stats = undefined;
    if (connection !== undefined) {
      hub.detach(id, connection.attachment, () => {
        for (const { socket } of this.#connections()) {
          socket.send({ type: 'peer-left', worker: id, incarnation });
        }
      });
      this.#emit(worker.isStopping ? 'worker-left' : 'worker-crashed', worker, reason);
      this.#report(worker, 'lost', culpritOf(exit));
    }
    const level = worker.isStopping ? 'info' : 'warn';
    log[level]({ worker: id, incarnation, reason }, 'a worker process ended');
    if (worker.isStopping || worker.isDraining || this.#isClosed) this.#remove(worker);
    else this.#replace(worker, connection, reason);
  }

  #replace(worker: SupervisedWorker, ended: Connection | undefined, reason: string): void {
    const { log } = this.#options;
    if (ended === undefined && this.#jail !== undefined && !this.#hasJailWorked) {
      log.warn({ reason }, 'no worker ever started in the jail: workers run without it');
      this.#jail = undefined;
      worker.shortLives = 0;
    }
    const isLongLife = ended !== undefined && performance.now() - ended.sinceMs > LONG_LIFE_MS;
    worker.shortLives = isLongLife ? 0 : worker.shortLives + 1;
    if (!worker.hasJoined && worker.shortLives >= STARTS_MAX) {
      worker.joined.reject(new Error(`The worker ${worker.id} did not start: ${reason}`));
      this.#remove(worker);
      return;
    }
    const delayMs = restartDelayMs(worker.shortLives);
    worker.cancelTimer = nodeTimers.after(delayMs, () => this.#launch(worker));
  }

  #remove(worker: SupervisedWorker): void {
    worker.cancelTimer?.();
    this.#workers.delete(worker.id);
    // Nobody may be waiting for it; then this is not an unhandled rejection.
    worker.joined.promise.catch(() => undefined);
    worker.joined.reject(new Error(`The worker ${worker.id} was stopped`));
  }

  #connections(): Connection[] {
    return [...this.#workers.values()].flatMap(({ connection }) => connection ?? []);
  }

  #emit(
    change: Extract<RuntimeEvent, { kind: 'cluster.changed' }>['change'],
    { id, incarnation }: SupervisedWorker,
    detail = `incarnation ${incarnation}`,
  ): void {
    this.#options.hub.events.emit({ kind: 'cluster.changed', change, id, detail });
  }

  #report(
    { id, executors }: SupervisedWorker,
    status: MessageOf<'scheduler.worker'>['status'],
    culprit?: MessageOf<'scheduler.worker'>['culprit'],
  ): void {
    const told = { worker: id, executors: [...executors], status, culprit };
    this.#options.report({ type: 'scheduler.worker', ...told });
  }
}
