/**
 * The scheduler role: registers functions and DAGs, places invocations, commits what they wrote,
 * and runs a DAG again when a worker is lost or an attempt cannot be completed consistently. It
 * owns the registry (durable in storage) and the invocations under way. It may lose the invocations
 * under way: none of them is acknowledged, and none has taken effect. It promises that each
 * invocation is answered once and takes effect at most once: only one attempt ever commits.
 */
import {
  cacheAddress,
  correctedProtocol,
  SCHEDULER,
  type MessageOf,
  type ProtocolStrategies,
  type RoleMessage,
  type WorkerId,
} from '@stormglass/core';
import { ATTEMPT_TIMEOUT_MS_DEFAULT } from '../limits.ts';
import type { Ownership } from '../ports/ownership.ts';
import type { Ports } from '../ports/ports.ts';
import type { Role } from '../ports/transport.ts';
import { admit } from './admit.ts';
import { answerRefusal } from './answers.ts';
import { Fleet } from './fleet.ts';
import { Plans } from './plan.ts';
import { Registrar } from './registrar.ts';
import { Registry } from './registry.ts';
import { Runs } from './runs.ts';
import { StorageLink } from './storage-link.ts';

export interface SchedulerOptions {
  readonly ports: Ports;
  readonly ring: Ownership;
  /** Grows with every start of the scheduler. */
  readonly incarnation: number;
  /** Default {@link ATTEMPT_TIMEOUT_MS_DEFAULT}. */
  readonly attemptTimeoutMs?: number | undefined;
  /** Default {@link correctedProtocol}. */
  readonly strategies?: ProtocolStrategies | undefined;
  /** A draining worker has nothing left to do. */
  readonly onDrained?: ((worker: WorkerId) => void) | undefined;
}

export interface SchedulerStatistics {
  readonly running: number;
  readonly completed: number;
}

export class Scheduler implements Role {
  readonly address = SCHEDULER;
  readonly registry = new Registry();
  readonly #ports: Ports;
  readonly #onDrained: (worker: WorkerId) => void;
  readonly #storage: StorageLink;
  readonly #registrar: Registrar;
  readonly #plans = new Plans(this.registry);
  readonly #fleet = new Fleet();
  readonly #runs: Runs;
  /** Invocations that came before the registry was read. */
  readonly #early: MessageOf<'scheduler.invoke'>[] = [];
  #isLoaded = false;

  constructor(options: SchedulerOptions) {
    this.#ports = options.ports;
    this.#onDrained = options.onDrained ?? (() => undefined);
    const { ports, ring, incarnation } = options;
    this.#storage = new StorageLink({ ports, ring, incarnation });
    this.#runs = new Runs({
      ports: options.ports,
      fleet: this.#fleet,
      storage: this.#storage,
      strategies: options.strategies ?? correctedProtocol,
      attemptTimeoutMs: options.attemptTimeoutMs ?? ATTEMPT_TIMEOUT_MS_DEFAULT,
      onIdle: (worker) => this.#tellIfDrained(worker),
    });
    this.#registrar = new Registrar({
      ports: options.ports,
      registry: this.registry,
      storage: this.#storage,
    });
  }

  /**
   * Reads the registry from storage, then calls `onLoaded`; what arrives before that is done waits.
   */
  start(onLoaded: () => void = () => undefined): void {
    this.#registrar.load(() => {
      this.#isLoaded = true;
      for (const request of this.#early.splice(0)) this.#onInvoke(request);
      onLoaded();
    });
  }

  close(): void {
    this.#runs.close();
    this.#storage.close();
  }

  statistics(): SchedulerStatistics {
    return { running: this.#runs.running, completed: this.#runs.completed };
  }

  receive(message: RoleMessage): void {
    switch (message.type) {
      case 'scheduler.invoke':
        this.#onInvoke(message);
        break;
      case 'scheduler.sink':
        this.#runs.onSink(message);
        break;
      case 'scheduler.session':
        this.#runs.onSession(message);
        break;
      case 'scheduler.failed':
        this.#runs.onFailed(message);
        break;
      case 'scheduler.restart':
        this.#runs.onRestart(message);
        break;
      case 'scheduler.flush':
        this.#runs.onFlush(message);
        break;
      case 'scheduler.attempts':
        this.#onAttempts(message);
        break;
      case 'scheduler.progress':
        this.#runs.onProgress(message);
        break;
      case 'scheduler.cancel':
        this.#runs.onCancel(message);
        break;
      case 'scheduler.register':
        this.#registrar.onRegister(message);
        break;
      case 'scheduler.report':
        this.#onReport(message);
        break;
      case 'scheduler.utilisation':
        this.#onUtilisation(message);
        break;
      case 'scheduler.busy':
        this.#fleet.noteBusy(message.worker, this.#ports.clock.nowUs());
        break;
      case 'scheduler.worker':
        this.#onWorker(message);
        break;
      case 'cache.got':
        this.#runs.onGot(message);
        break;
      case 'stored':
      case 'scanned':
        this.#storage.onAnswer(message);
        break;
      default:
        break;
    }
  }

  #onAttempts({ from, attempts }: MessageOf<'scheduler.attempts'>): void {
    const { transport } = this.#ports;
    const isAlive = ({ invocation, attempt }: (typeof attempts)[number]): boolean =>
      this.#runs.isAlive(invocation, attempt);
    const running = attempts.filter(isAlive);
    if (running.length > 0) transport.send(from, { type: 'cache.renew', attempts: running });
    const over = { type: 'cache.finish', final: true, isUncertain: true, trace: false } as const;
    for (const { invocation, attempt } of attempts) {
      if (isAlive({ invocation, attempt })) continue;
      transport.send(from, { ...over, invocation, attempt, committed: [] });
    }
  }

  #onInvoke(request: MessageOf<'scheduler.invoke'>): void {
    if (!this.#isLoaded) {
      this.#early.push(request);
      return;
    }
    if (this.#runs.knows(request.invocation)) return;
    const plan = this.#plans.planOf(request.target);
    const admitted = plan.ok ? admit(request, plan.value, this.#runs.running) : plan;
    if (!admitted.ok) {
      answerRefusal(request, admitted.failure, this.#ports);
      return;
    }
    this.#runs.take(request, admitted.value);
  }

  #onReport(message: MessageOf<'scheduler.report'>): void {
    const keys = this.#fleet.worker(message.worker)?.keys;
    for (const key of message.added) keys?.add(key);
    for (const key of message.removed) keys?.delete(key);
  }

  #onUtilisation({ executors }: MessageOf<'scheduler.utilisation'>): void {
    const atUs = this.#ports.clock.nowUs();
    for (const [executor, utilisation] of executors) {
      this.#fleet.reported(executor, { utilisation, atUs });
    }
  }

  #onWorker(message: MessageOf<'scheduler.worker'>): void {
    switch (message.status) {
      case 'joined':
        this.#fleet.join(message.worker, message.executors);
        this.#runs.beginWaiting();
        break;
      case 'draining':
        this.#fleet.drain(message.worker);
        this.#tellIfDrained(message.worker);
        break;
      case 'lost':
        this.#fleet.leave(message.worker);
        this.#storage.forgetCache(cacheAddress(message.worker));
        this.#runs.onWorkerLost(message);
        break;
    }
  }

  #tellIfDrained(worker: WorkerId): void {
    if (this.#fleet.worker(worker)?.isDraining === true && this.#fleet.isIdle(worker)) {
      this.#onDrained(worker);
    }
  }
}
