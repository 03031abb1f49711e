/**
 * The scheduler role: registers functions and DAGs, places invocations, commits what they wrote,
 * and runs a DAG again when a worker is lost or an attempt cannot be completed consistently. It
 * owns the registry (durable in storage) and the invocations under way. It may lose the invocations
 * under way: none of them is acknowledged, and none has taken effect. It promises that each
 * invocation is answered once and takes effect at most once: only one attempt ever commits.
 */
import {
  cacheAddress,
  mergeSessions,
  SCHEDULER,
  type Failure,
  type InvocationId,
  type MessageOf,
  type RoleMessage,
  type Session,
  type WorkerId,
} from '@stormglass/core';
import { ATTEMPTS_MAX } from '../limits.ts';
import type { Ownership } from '../ports/ownership.ts';
import type { Ports } from '../ports/ports.ts';
import type { Role } from '../ports/transport.ts';
import { admit } from './admit.ts';
import { answerRefusal, conclude } from './answers.ts';
import { sendCancel, sendFinish, sendStart } from './attempt-messages.ts';
import { Fleet } from './fleet.ts';
import { cachesOf, workersOf, type Invocation } from './invocation.ts';
import { Plans } from './plan.ts';
import { Placer } from './placer.ts';
import { Registrar } from './registrar.ts';
import { Registry } from './registry.ts';
import { StorageLink } from './storage-link.ts';

export interface SchedulerOptions {
  readonly ports: Ports;
  readonly ring: Ownership;
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
  readonly #placer = new Placer(this.#fleet);
  readonly #invocations = new Map<InvocationId, Invocation>();
  /** Invocations that came before the registry was read. */
  readonly #early: MessageOf<'scheduler.invoke'>[] = [];
  #isLoaded = false;
  #completed = 0;

  constructor(options: SchedulerOptions) {
    this.#ports = options.ports;
    this.#onDrained = options.onDrained ?? (() => undefined);
    const { transport, timers } = options.ports;
    this.#storage = new StorageLink({ transport, timers, ring: options.ring });
    this.#registrar = new Registrar({
      ports: options.ports,
      registry: this.registry,
      storage: this.#storage,
      onLoaded: () => {
        this.#isLoaded = true;
        for (const request of this.#early.splice(0)) this.#onInvoke(request);
      },
    });
  }

  /** Reads the registry from storage; what arrives before that is done waits. */
  start(): void {
    this.#registrar.load();
  }

  close(): void {
    for (const { cancelDeadline } of this.#invocations.values()) cancelDeadline();
    this.#storage.close();
  }

  statistics(): SchedulerStatistics {
    return { running: this.#invocations.size, completed: this.#completed };
  }

  receive(message: RoleMessage): void {
    switch (message.type) {
      case 'scheduler.invoke':
        this.#onInvoke(message);
        break;
      case 'scheduler.sink':
        this.#onSink(message);
        break;
      case 'scheduler.failed':
        this.#onFailed(message);
        break;
      case 'scheduler.restart':
        this.#onRestart(message);
        break;
      case 'scheduler.flush':
        this.#onFlush(message);
        break;
      case 'scheduler.cancel':
        this.#onCancel(message);
        break;
      case 'scheduler.register':
        this.#registrar.onRegister(message);
        break;
      case 'scheduler.report':
        this.#onReport(message);
        break;
      case 'scheduler.worker':
        this.#onWorker(message);
        break;
      case 'stored':
        this.#storage.onStored(message);
        break;
      case 'scanned':
        this.#storage.onScanned(message);
        break;
      default:
        break;
    }
  }

  #onInvoke(request: MessageOf<'scheduler.invoke'>): void {
    if (!this.#isLoaded) {
      this.#early.push(request);
      return;
    }
    const plan = this.#plans.planOf(request.target);
    const admitted = plan.ok ? admit(request, plan.value, this.#invocations.size) : plan;
    if (!admitted.ok) {
      answerRefusal(request, admitted.failure, this.#ports);
      return;
    }
    const { level, token, timeoutMs } = admitted.value;
    const startedUs = this.#ports.clock.nowUs();
    const invocation: Invocation = {
      id: request.invocation,
      request,
      plan: admitted.value.plan,
      level,
      token,
      startedUs,
      deadlineUs: startedUs + timeoutMs * 1_000,
      cancelDeadline: this.#ports.timers.after(timeoutMs, () =>
        this.#onDeadline(invocation, timeoutMs),
      ),
      state: 'waiting',
      attempt: 1,
      schedule: new Map(),
      results: new Map(),
      sinkSessions: [],
    };
    this.#invocations.set(invocation.id, invocation);
    this.#begin(invocation, undefined);
  }

  /** Places the attempt and starts it; without a worker it waits for one to join. */
  #begin(invocation: Invocation, cause: string | undefined): void {
    const { plan, request } = invocation;
    const schedule = this.#placer.place(plan, refsOf(request));
    if (schedule === undefined) {
      invocation.state = 'waiting';
      return;
    }
    invocation.state = 'running';
    invocation.schedule = schedule;
    for (const { executor } of schedule.values()) this.#addLoad(executor, 1);
    if (request.trace) {
      this.#ports.events.emit({
        kind: 'invocation.started',
        invocation: invocation.id,
        attempt: invocation.attempt,
        dag: plan.label,
        dagVersion: plan.dag.version,
        consistency: invocation.level,
        schedule: Object.fromEntries(schedule),
        cause,
      });
    }
    sendStart(invocation, this.#fleet, this.#ports);
  }

  #onSink(message: MessageOf<'scheduler.sink'>): void {
    const invocation = this.#current(message);
    if (invocation === undefined || invocation.results.has(message.node)) return;
    invocation.results.set(message.node, message.value);
    invocation.sinkSessions.push(message.session);
    if (invocation.results.size < invocation.plan.sinks.length) return;
    const { session, conflicts, mismatches } = mergeSessions(invocation.sinkSessions);
    const [conflict] = conflicts;
    const [mismatched] = mismatches;
    if (conflict !== undefined) {
      this.#again(invocation, `Two sinks read ${conflict} in different versions.`, session.touched);
    } else if (mismatched !== undefined) {
      this.#fail(invocation, {
        type: 'lattice-mismatch',
        key: mismatched,
        detail: `Two branches wrote ${mismatched} as lattices of different kinds.`,
      });
    } else if (session.writes.size === 0) this.#succeed(invocation, session);
    else this.#commit(invocation, session);
  }

  #commit(invocation: Invocation, session: Session): void {
    invocation.state = 'committing';
    this.#storage.commit(session, invocation.request.trace, ({ failure }) => {
      if (failure === undefined) this.#succeed(invocation, session);
      else this.#fail(invocation, failure);
    });
  }

  #succeed(invocation: Invocation, session: Session): void {
    const finish = { caches: session.touched, committed: session.writes, final: true };
    sendFinish(invocation, finish, this.#ports);
    this.#end(invocation, { session });
  }

  #onFailed(message: MessageOf<'scheduler.failed'>): void {
    const invocation = this.#current(message);
    if (invocation !== undefined) this.#fail(invocation, message.failure);
  }

  #fail(invocation: Invocation, failure: Failure): void {
    this.#stop(invocation, []);
    this.#end(invocation, { failure });
  }

  #onRestart(message: MessageOf<'scheduler.restart'>): void {
    const invocation = this.#current(message);
    if (invocation !== undefined) this.#again(invocation, message.cause, message.touched);
  }

  #again(invocation: Invocation, cause: string, touched: readonly string[]): void {
    this.#stop(invocation, touched);
    if (invocation.attempt >= ATTEMPTS_MAX) {
      this.#end(invocation, {
        failure: {
          type: 'unavailable',
          detail: `${invocation.attempt} attempts did not complete; the last one stopped because: ${cause}`,
        },
      });
      return;
    }
    invocation.attempt += 1;
    invocation.results.clear();
    invocation.sinkSessions = [];
    this.#begin(invocation, cause);
  }

  /** Ends the running attempt everywhere. */
  #stop(invocation: Invocation, touched: readonly string[]): void {
    sendCancel(invocation, this.#ports);
    const caches = cachesOf(invocation.schedule, touched);
    sendFinish(invocation, { caches, committed: [], final: true }, this.#ports);
    this.#unload(invocation);
  }

  #end(
    invocation: Invocation,
    end: { readonly session?: Session | undefined; readonly failure?: Failure | undefined },
  ): void {
    invocation.cancelDeadline();
    this.#invocations.delete(invocation.id);
    this.#completed += 1;
    this.#unload(invocation);
    conclude(invocation, end, this.#ports);
  }

  #onFlush(message: MessageOf<'scheduler.flush'>): void {
    const invocation = this.#current(message);
    if (invocation === undefined) return;
    const { session } = message;
    const reply = (failure: Failure | undefined): void =>
      this.#ports.transport.send(message.from, {
        type: 'executor.flushed',
        invocation: message.invocation,
        attempt: message.attempt,
        node: message.node,
        failure,
      });
    if (session.writes.size === 0) {
      reply(undefined);
      return;
    }
    this.#storage.commit(session, invocation.request.trace, ({ failure }) => {
      if (failure === undefined) {
        const finish = { caches: session.touched, committed: session.writes, final: false };
        sendFinish(invocation, finish, this.#ports);
      }
      reply(failure);
    });
  }

  #onCancel(message: MessageOf<'scheduler.cancel'>): void {
    const invocation = this.#invocations.get(message.invocation);
    if (invocation === undefined || invocation.state === 'committing') return;
    this.#fail(invocation, { type: 'cancelled', detail: 'The invocation was cancelled.' });
  }

  #onDeadline(invocation: Invocation, timeoutMs: number): void {
    // What is being committed takes effect, so it is answered as what it is.
    if (invocation.state === 'committing') return;
    const missing = invocation.plan.sinks.filter((sink) => !invocation.results.has(sink));
    const detail =
      invocation.state === 'waiting'
        ? `No worker joined within ${timeoutMs} ms.`
        : `${missing.join(', ')} did not finish within ${timeoutMs} ms. ` +
          'Raise "timeoutMs", or look for a function that waits.';
    this.#fail(invocation, { type: 'timeout', detail });
  }

  #onReport(message: MessageOf<'scheduler.report'>): void {
    const keys = this.#fleet.worker(message.worker)?.keys;
    for (const key of message.added) keys?.add(key);
    for (const key of message.removed) keys?.delete(key);
  }

  #onWorker(message: MessageOf<'scheduler.worker'>): void {
    switch (message.status) {
      case 'joined':
        this.#fleet.join(message.worker, message.executors);
        for (const invocation of [...this.#invocations.values()]) {
          if (invocation.state === 'waiting') this.#begin(invocation, undefined);
        }
        break;
      case 'draining':
        this.#fleet.drain(message.worker);
        this.#tellIfDrained(message.worker);
        break;
      case 'lost':
        this.#onWorkerLost(message);
        break;
    }
  }

  #onWorkerLost(message: MessageOf<'scheduler.worker'>): void {
    const { worker, culprit } = message;
    this.#fleet.leave(worker);
    this.#storage.forgetCache(cacheAddress(worker));
    for (const invocation of [...this.#invocations.values()]) {
      const isHit = workersOf(invocation.schedule).includes(worker);
      if (!isHit || invocation.state !== 'running') continue;
      if (culprit?.invocation === invocation.id && culprit.attempt === invocation.attempt) {
        const { type, detail, node } = culprit;
        this.#fail(invocation, { type, detail, node });
      } else this.#again(invocation, `The worker ${worker} was lost.`, []);
    }
  }

  #current(message: {
    readonly invocation: string;
    readonly attempt: number;
  }): Invocation | undefined {
    const invocation = this.#invocations.get(message.invocation);
    return invocation?.state === 'running' && invocation.attempt === message.attempt
      ? invocation
      : undefined;
  }

  #addLoad(executor: string, nodes: number): void {
    const belief = this.#fleet.executor(executor);
    if (belief === undefined) return;
    this.#fleet.addLoad(belief, nodes);
    if (belief.load === 0) this.#tellIfDrained(belief.worker);
  }

  #unload(invocation: Invocation): void {
    const { schedule } = invocation;
    invocation.schedule = new Map();
    for (const { executor } of schedule.values()) this.#addLoad(executor, -1);
  }

  #tellIfDrained(worker: WorkerId): void {
    if (this.#fleet.worker(worker)?.isDraining === true && this.#fleet.isIdle(worker)) {
      this.#onDrained(worker);
    }
  }
}

/** Node → the keys that its arguments name. */
const refsOf = (request: MessageOf<'scheduler.invoke'>): ReadonlyMap<string, readonly string[]> => {
  const refs = new Map<string, string[]>();
  for (const [node, parameters] of request.arguments) {
    for (const argument of parameters.values()) {
      if ('ref' in argument) refs.set(node, [...(refs.get(node) ?? []), argument.ref]);
    }
  }
  return refs;
};
