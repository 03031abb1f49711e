/**
 * Looks after attempts: one that nothing runs for, and from which nothing arrives, has lost a
 * message, and a partitioned executor does not answer. Both are run again. An executor whose worker
 * runs user code is waited for. With the same timer it ends an invocation at its deadline.
 */
import type { MessageOf, WorkerId } from '@stormglass/core';
import { executorAddress } from '@stormglass/core';
import { SUSPICION_MS } from '../limits.ts';
import type { Ports } from '../ports/ports.ts';
import type { Cancel } from '../ports/timers.ts';
import type { Fleet } from './fleet.ts';
import { executorsOf, isUnderWay, type Invocation } from './invocation.ts';

/** An attempt is given up when two looks, this part of its time-out apart, see the same silence. */
const LOOKS_PER_TIMEOUT = 2;

export interface AttemptWatchOptions {
  readonly ports: Ports;
  readonly fleet: Fleet;
  /** Milliseconds without a sign of progress after which an attempt is stuck. */
  readonly timeoutMs: number;
  readonly onDeadline: (invocation: Invocation) => void;
  readonly onStuck: (invocation: Invocation, cause: string) => void;
}

export class AttemptWatch {
  readonly #options: AttemptWatchOptions;
  readonly #suspicions = new Map<WorkerId, Cancel>();

  constructor(options: AttemptWatchOptions) {
    this.#options = options;
  }

  begin(invocation: Invocation): void {
    const { ports, timeoutMs } = this.#options;
    const leftMs = Math.max(0, (invocation.deadlineUs - ports.clock.nowUs()) / 1_000);
    const delayMs = Math.min(leftMs, timeoutMs / LOOKS_PER_TIMEOUT);
    invocation.cancelTimer = ports.timers.after(delayMs, () => this.#onTimer(invocation));
  }

  /** @param invocation runs the attempt that is meant */
  onProgress(invocation: Invocation, message: MessageOf<'scheduler.progress'>): void {
    const executors = executorsOf(invocation.schedule);
    if (!executors.includes(message.executor)) return;
    this.#trust(message.executor);
    invocation.progress.set(message.executor, message);
    const answers = executors.flatMap((executor) => invocation.progress.get(executor) ?? []);
    if (answers.length < executors.length) return;
    const seen = describeSilence(answers);
    const isStuck = seen !== undefined && seen === invocation.lastSeen;
    invocation.lastSeen = seen;
    if (!isStuck) return;
    const cause = 'Nothing of it ran any more, and no result had come: a message was lost.';
    this.#giveUp(invocation, cause);
  }

  close(): void {
    for (const cancel of this.#suspicions.values()) cancel();
  }

  #onTimer(invocation: Invocation): void {
    // What is being committed takes effect, so it is answered as what it is.
    if (invocation.state === 'committing') return;
    if (this.#options.ports.clock.nowUs() >= invocation.deadlineUs) {
      this.#options.onDeadline(invocation);
      return;
    }
    this.begin(invocation);
    if (isUnderWay(invocation)) this.#look(invocation);
  }

  #look(invocation: Invocation): void {
    const { id, attempt, progress } = invocation;
    const executors = executorsOf(invocation.schedule);
    const wasAsked = invocation.askedAttempt === attempt;
    const silent = wasAsked ? executors.filter((executor) => !progress.has(executor)) : [];
    for (const executor of silent) this.#suspect(executor);
    const nowUs = this.#options.ports.clock.nowUs();
    const lost = silent.filter((executor) => !this.#options.fleet.isBusy(executor, nowUs));
    if (lost.length > 0) {
      this.#giveUp(invocation, `${lost.join(', ')} did not answer.`);
      return;
    }
    if (!wasAsked || silent.length > 0) invocation.lastSeen = undefined;
    invocation.askedAttempt = attempt;
    progress.clear();
    for (const executor of executors) {
      this.#options.ports.transport.send(executorAddress(executor), {
        type: 'executor.probe',
        invocation: id,
        attempt,
      });
    }
  }

  #giveUp(invocation: Invocation, cause: string): void {
    // What was lost may have been the message with the definitions.
    for (const executor of executorsOf(invocation.schedule)) {
      this.#options.fleet.forgetDefinitions(executor);
    }
    invocation.progress.clear();
    invocation.lastSeen = undefined;
    this.#options.onStuck(invocation, cause);
  }

  /** Nothing is placed there for a while, if there is another place. */
  #suspect(executor: string): void {
    const { fleet, ports } = this.#options;
    const worker = fleet.executor(executor)?.worker;
    if (worker === undefined) return;
    fleet.suspect(worker, true);
    this.#suspicions.get(worker)?.();
    this.#suspicions.set(
      worker,
      ports.timers.after(SUSPICION_MS, () => this.#trust(executor)),
    );
  }

  #trust(executor: string): void {
    if (this.#suspicions.size === 0) return;
    const worker = this.#options.fleet.executor(executor)?.worker;
    if (worker === undefined) return;
    this.#suspicions.get(worker)?.();
    this.#suspicions.delete(worker);
    this.#options.fleet.suspect(worker, false);
  }
}

/** The same text means that nothing has happened; `undefined` when a call runs. */
const describeSilence = (
  progress: readonly MessageOf<'scheduler.progress'>[],
): string | undefined => {
  if (progress.some(({ isBusy }) => isBusy)) return undefined;
  return progress
    .map(({ executor, finished }) => `${executor}:${finished}`)
    .toSorted()
    .join(' ');
};
