/**
 * Invocations under way: begins their attempts, collects the answers of their sinks, begins again
 * after a loss, commits, and ends them. Everything is fenced by (invocation, attempt).
 */
import {
  joinDependencies,
  lostReason,
  reasonOf,
  startSession,
  type ExecutorId,
  type Failure,
  type InvocationAnswer,
  type InvocationId,
  type ProblemType,
  type MessageOf,
  type ProtocolStrategies,
  type RestartReason,
  type Session,
  type WorkerId,
} from '@stormglass/core';
import { ATTEMPTS_MAX, CONFLICTS_MAX, ENDED_ATTEMPTS_MAX } from '../limits.ts';
import type { Ports } from '../ports/ports.ts';
import type { Terms } from './admit.ts';
import { askForMissing, remainderWithout } from './after-loss.ts';
import { answerOf, conclude } from './answers.ts';
import { sendCancel, sendFinish, sendPin, sendStart } from './attempt-messages.ts';
import { AttemptWatch } from './attempt-watch.ts';
import type { Fleet } from './fleet.ts';
import { Flushes } from './flushes.ts';
import {
  cachesOf,
  isUnderWay,
  nextCommit,
  nodesAwaited,
  openInvocation,
  workersOf,
  type Invocation,
} from './invocation.ts';
import { Placer } from './placer.ts';
import type { StorageLink } from './storage-link.ts';

/** Nothing has been decided: the same request, sent again, may succeed. */
const mayBeTriedAgain: ReadonlySet<ProblemType> = new Set(['unavailable', 'overloaded']);

export interface RunsOptions {
  readonly ports: Ports;
  readonly fleet: Fleet;
  readonly storage: StorageLink;
  readonly strategies: ProtocolStrategies;
  /** Milliseconds without a sign of progress after which an attempt is given up. */
  readonly attemptTimeoutMs: number;
  /** Nothing is placed on a worker any more. */
  readonly onIdle: (worker: WorkerId) => void;
}

export class Runs {
  readonly #ports: Ports;
  readonly #fleet: Fleet;
  readonly #storage: StorageLink;
  readonly #strategies: ProtocolStrategies;
  readonly #placer: Placer;
  readonly #onIdle: (worker: WorkerId) => void;
  readonly #invocations = new Map<InvocationId, Invocation>();
  readonly #watch: AttemptWatch;
  readonly #flushes: Flushes;
  /** Invocations that are over, oldest first. */
  readonly #ended = new Set<InvocationId>();
  #completed = 0;

  constructor(options: RunsOptions) {
    this.#ports = options.ports;
    this.#fleet = options.fleet;
    this.#storage = options.storage;
    this.#strategies = options.strategies;
    this.#placer = new Placer(options.fleet, options.ports.clock);
    this.#onIdle = options.onIdle;
    this.#flushes = new Flushes(options);
    this.#watch = new AttemptWatch({
      ports: options.ports,
      fleet: options.fleet,
      timeoutMs: options.attemptTimeoutMs,
      onDeadline: (invocation) => this.#onDeadline(invocation),
      onStuck: (invocation, cause) => this.#again(invocation, lostReason(cause), []),
    });
  }

  close(): void {
    for (const { cancelTimer } of this.#invocations.values()) cancelTimer();
    this.#watch.close();
  }

  /** How many are under way. */
  get running(): number {
    return this.#invocations.size;
  }

  get completed(): number {
    return this.#completed;
  }

  /** Whether it is under way, or over: a request that comes twice is one invocation. */
  knows(id: InvocationId): boolean {
    return this.#invocations.has(id) || this.#ended.has(id);
  }

  take(request: MessageOf<'scheduler.invoke'>, terms: Terms): void {
    const invocation = openInvocation(request, terms, this.#ports.clock.nowUs());
    this.#invocations.set(invocation.id, invocation);
    this.#watch.begin(invocation);
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
    const { id, attempt, level, token, floors } = invocation;
    const session = startSession({ invocation: id, attempt, level, token, floors });
    if (invocation.seeds.size === 0) this.#start(invocation, session);
    else {
      invocation.state = 'pinning';
      sendPin(invocation, session, this.#ports);
    }
  }

  #start(invocation: Invocation, session: Session): void {
    invocation.state = 'running';
    sendStart(invocation, session, { fleet: this.#fleet, ports: this.#ports });
  }

  /** One version of each conflicting key is pinned: the attempt begins with them. */
  onGot({ session, failure, restart }: MessageOf<'cache.got'>): void {
    const invocation = this.#current(session);
    if (invocation?.state !== 'pinning') return;
    if (failure !== undefined) this.#fail(invocation, failure);
    else if (restart !== undefined) this.#again(invocation, restart, session.touched);
    else this.#start(invocation, session);
  }

  onSink(message: MessageOf<'scheduler.sink'>): void {
    const invocation = this.#current(message);
    if (invocation === undefined || invocation.results.has(message.node)) return;
    invocation.results.set(message.node, message.value);
    invocation.sinkSessions.push(message.session);
    this.#endIfComplete(invocation);
  }

  onSession({ node, session, ...attempt }: MessageOf<'scheduler.session'>): void {
    const invocation = this.#current(attempt);
    invocation?.handedIn.set(node, session);
    if (invocation !== undefined) this.#endIfComplete(invocation);
  }

  #endIfComplete(invocation: Invocation): void {
    const { plan, results, schedule, sinkSessions, handedIn } = invocation;
    if (results.size < plan.sinks.length) return;
    const awaited = nodesAwaited(invocation);
    const lost = awaited.find((node) => !schedule.has(node));
    if (lost !== undefined) {
      this.#again(invocation, lostReason(`What ${lost} had seen was lost with its worker.`), []);
    }
    if (awaited.length > 0) return;
    const merged = this.#strategies.mergeSessions([...sinkSessions, ...handedIn.values()]);
    const { session, conflicts, mismatches } = merged;
    const [conflict] = conflicts;
    const [mismatched] = mismatches;
    if (conflict !== undefined) {
      const cause = `Two sinks read ${conflict} in versions that do not go together.`;
      this.#again(invocation, reasonOf(merged, cause), session.touched);
    } else if (mismatched !== undefined) {
      this.#fail(invocation, {
        type: 'lattice-mismatch',
        key: mismatched,
        detail: `Two branches wrote ${mismatched} as lattices of different kinds.`,
      });
    } else if (session.writes.size === 0 && invocation.request.identity === undefined) {
      this.#succeed(invocation, session);
    } else this.#commit(invocation, session);
  }

  #commit(invocation: Invocation, session: Session): void {
    invocation.state = 'committing';
    const { identity } = invocation.request;
    const answer = identity && answerOf(invocation, { session }, this.#ports);
    const commit = nextCommit(invocation, session.writes, answer);
    this.#storage.commit(commit, ({ failure, earlier }) => {
      if (earlier !== undefined) {
        this.#stop(invocation, session.touched);
        this.#close(invocation, earlier);
      } else if (failure === undefined) this.#succeed(invocation, session, answer);
      else this.#fail(invocation, failure);
    });
  }

  #succeed(invocation: Invocation, session: Session, answer?: InvocationAnswer): void {
    const finish = { caches: session.touched, committed: session.writes, final: true };
    sendFinish(invocation, finish, this.#ports);
    this.#close(invocation, answer ?? answerOf(invocation, { session }, this.#ports));
  }

  onFailed(message: MessageOf<'scheduler.failed'>): void {
    const invocation = this.#current(message);
    if (invocation !== undefined) this.#fail(invocation, message.failure);
  }

  #fail(invocation: Invocation, failure: Failure): void {
    this.#stop(invocation, []);
    this.#endFailed(invocation, failure);
  }

  onRestart(message: MessageOf<'scheduler.restart'>): void {
    if (message.unknownTo !== undefined) this.#fleet.forgetDefinitions(message.unknownTo);
    const invocation = this.#current(message);
    if (invocation !== undefined) this.#again(invocation, message.reason, message.touched);
  }

  #again(invocation: Invocation, reason: RestartReason, touched: readonly string[]): void {
    const { cause, conflicts, floors } = reason;
    this.#stop(invocation, touched);
    for (const key of conflicts) invocation.seeds.add(key);
    invocation.floors = joinDependencies(invocation.floors, floors);
    if (invocation.attempt >= ATTEMPTS_MAX + Math.min(invocation.seeds.size, CONFLICTS_MAX)) {
      this.#endFailed(invocation, {
        type: 'unavailable',
        detail: `${invocation.attempt} attempts did not complete; the last one stopped because: ${cause}`,
      });
      return;
    }
    invocation.attempt += 1;
    invocation.results.clear();
    invocation.sinkSessions = [];
    invocation.handedIn.clear();
    invocation.flushes.clear();
    this.#begin(invocation, cause);
  }

  /** Ends the running attempt everywhere. */
  #stop(invocation: Invocation, touched: readonly string[]): void {
    sendCancel(invocation, this.#ports);
    const caches = cachesOf(invocation.schedule, touched);
    sendFinish(
      invocation,
      { caches, committed: [], final: true, isUncertain: invocation.flushes.size > 0 },
      this.#ports,
    );
    this.#unload(invocation);
  }

  /** What the client is told is durable first, where it asked for that. */
  #endFailed(invocation: Invocation, failure: Failure): void {
    const answer = answerOf(invocation, { failure }, this.#ports);
    if (invocation.request.identity === undefined || mayBeTriedAgain.has(failure.type)) {
      this.#close(invocation, answer);
      return;
    }
    invocation.state = 'committing';
    this.#storage.commit(nextCommit(invocation, new Map(), answer), ({ earlier }) =>
      this.#close(invocation, earlier ?? answer),
    );
  }

  #close(invocation: Invocation, answer: InvocationAnswer): void {
    invocation.cancelTimer();
    this.#invocations.delete(invocation.id);
    this.#remember(invocation.id);
    this.#completed += 1;
    this.#unload(invocation);
    conclude(invocation, answer, this.#ports);
  }

  #remember(id: InvocationId): void {
    this.#ended.add(id);
    if (this.#ended.size <= ENDED_ATTEMPTS_MAX) return;
    const oldest = this.#ended.values().next().value;
    if (oldest !== undefined) this.#ended.delete(oldest);
  }

  onFlush(message: MessageOf<'scheduler.flush'>): void {
    const invocation = this.#current(message);
    if (invocation !== undefined) this.#flushes.onFlush(invocation, message);
  }

  /** Whether the attempt runs, or is being committed. */
  isAlive(invocation: InvocationId, attempt: number): boolean {
    return this.#invocations.get(invocation)?.attempt === attempt;
  }

  onProgress(message: MessageOf<'scheduler.progress'>): void {
    const invocation = this.#current(message);
    if (invocation !== undefined) this.#watch.onProgress(invocation, message);
  }

  onCancel(message: MessageOf<'scheduler.cancel'>): void {
    const invocation = this.#invocations.get(message.invocation);
    if (invocation === undefined || invocation.state === 'committing') return;
    this.#fail(invocation, { type: 'cancelled', detail: 'The invocation was cancelled.' });
  }

  #onDeadline(invocation: Invocation): void {
    const { timeoutMs } = invocation;
    const detail =
      invocation.state === 'waiting'
        ? `No worker joined within ${timeoutMs} ms.`
        : `${nodesAwaited(invocation).join(', ')} did not finish within ${timeoutMs} ms. ` +
          'Raise "timeoutMs", or look for a function that waits.';
    this.#fail(invocation, { type: 'timeout', detail });
  }

  /** A worker joined: what waits for one begins. */
  beginWaiting(): void {
    for (const invocation of [...this.#invocations.values()]) {
      if (invocation.state === 'waiting') this.#begin(invocation, undefined);
    }
  }

  onWorkerLost(message: MessageOf<'scheduler.worker'>): void {
    const { worker, culprit } = message;
    for (const invocation of [...this.#invocations.values()]) {
      const isHit = workersOf(invocation.schedule).includes(worker);
      if (!isHit || !isUnderWay(invocation)) continue;
      if (culprit?.invocation === invocation.id && culprit.attempt === invocation.attempt) {
        const { type, detail, node } = culprit;
        this.#fail(invocation, { type, detail, node });
      } else this.#goOnWithout(invocation, worker);
    }
  }

  #goOnWithout(invocation: Invocation, worker: WorkerId): void {
    const cause = `The worker ${worker} was lost.`;
    const remainder = remainderWithout(invocation, worker);
    if (remainder === undefined) {
      this.#again(invocation, lostReason(cause), []);
      return;
    }
    invocation.schedule = remainder.schedule;
    askForMissing(invocation, remainder, { cause, ports: this.#ports });
    this.#endIfComplete(invocation);
  }

  #current(message: {
    readonly invocation: string;
    readonly attempt: number;
  }): Invocation | undefined {
    const invocation = this.#invocations.get(message.invocation);
    return invocation !== undefined &&
      isUnderWay(invocation) &&
      invocation.attempt === message.attempt
      ? invocation
      : undefined;
  }

  #addLoad(executor: ExecutorId, nodes: number): void {
    const belief = this.#fleet.executor(executor);
    if (belief === undefined) return;
    this.#fleet.addLoad(belief, nodes);
    if (belief.load === 0) this.#onIdle(belief.worker);
  }

  #unload(invocation: Invocation): void {
    const { schedule } = invocation;
    invocation.schedule = new Map();
    for (const { executor } of schedule.values()) this.#addLoad(executor, -1);
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
