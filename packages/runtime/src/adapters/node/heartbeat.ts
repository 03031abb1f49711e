/**
 * Asks the workers for a sign of life and for their figures, once a second or when somebody wants
 * to know.
 *
 * Everything that a worker says is a sign of life. A silent one is given up after a while, later
 * when it announced that user code may keep its thread busy.
 */
import type { LinkFrameOf, WorkerId } from '@stormglass/core';
import { UTILISATION_PERIOD_MS } from '../../limits.ts';
import { nodeTimers } from './node-timers.ts';
import type { Connection, SupervisedWorker } from './supervised-worker.ts';

const INTERVAL_MS = UTILISATION_PERIOD_MS;
const SILENCE_MS_DEFAULT = 15_000;
/** What an announced silence may take longer than the call's own time limit. */
const SILENCE_MARGIN_MS = 5_000;
/** How long figures are waited for before older ones do. */
const REFRESH_TIMEOUT_MS = 250;
/** The number of pings whose answer nobody waits for. */
const UNAWAITED = 0;

export interface HeartbeatOptions {
  readonly workers: ReadonlyMap<WorkerId, SupervisedWorker>;
  /** In milliseconds; default {@link SILENCE_MS_DEFAULT}. */
  readonly silenceMs: number | undefined;
  /** The worker has been silent for too long. */
  readonly onSilent: (worker: SupervisedWorker) => void;
}

export class Heartbeat {
  readonly #options: HeartbeatOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #answers = new Map<number, () => void>();
  #lastPing = UNAWAITED;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#beat(), INTERVAL_MS);
  }

  /** Figures come soon after. */
  begin({ socket }: Connection): void {
    socket.send({ type: 'ping', number: UNAWAITED });
  }

  /** Something came over this connection. */
  noteHeard(connection: Connection): void {
    connection.heardAtMs = performance.now();
    connection.isSuspect = false;
  }

  noteSilence(connection: Connection, { durationMs }: LinkFrameOf<'silence'>): void {
    connection.silentUntilMs = performance.now() + durationMs + SILENCE_MARGIN_MS;
  }

  notePong(worker: SupervisedWorker, { number, stats }: LinkFrameOf<'pong'>): void {
    if (worker.connection !== undefined) worker.connection.silentUntilMs = 0;
    worker.stats = stats;
    this.#answers.get(number)?.();
  }

  /**
   * Resolves when every worker has told its figures, or soon; those that are busy keep their old
   * ones.
   */
  async refresh(): Promise<void> {
    const asked = [...this.#options.workers.values()].flatMap(({ connection }) =>
      connection === undefined ? [] : [this.#ask(connection)],
    );
    const timeout = Promise.withResolvers<undefined>();
    const cancel = nodeTimers.after(REFRESH_TIMEOUT_MS, () => timeout.resolve(undefined));
    await Promise.race([Promise.all(asked.map(({ answered }) => answered)), timeout.promise]);
    cancel();
    for (const { number } of asked) this.#answers.delete(number);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #ask({ socket }: Connection): { readonly number: number; readonly answered: Promise<undefined> } {
    this.#lastPing += 1;
    const number = this.#lastPing;
    socket.send({ type: 'ping', number });
    const answer = Promise.withResolvers<undefined>();
    this.#answers.set(number, () => answer.resolve(undefined));
    return { number, answered: answer.promise };
  }

  #beat(): void {
    const { workers, silenceMs = SILENCE_MS_DEFAULT, onSilent } = this.#options;
    const nowMs = performance.now();
    for (const worker of workers.values()) {
      const { connection } = worker;
      if (connection === undefined) continue;
      const untilMs = Math.max(connection.heardAtMs + silenceMs, connection.silentUntilMs);
      // Twice in a row: after the server itself was away, what workers said meanwhile is read in
      // between.
      if (nowMs > untilMs && connection.isSuspect) onSilent(worker);
      connection.isSuspect = nowMs > untilMs;
      connection.socket.send({ type: 'ping', number: UNAWAITED });
    }
  }
}
