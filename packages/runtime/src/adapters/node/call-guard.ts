/**
 * Around a FunctionHost: what a worker says before user code may keep its thread busy.
 *
 * Frames leave when a turn of the event loop ends, and a call is part of a turn: what came before a
 * long call, its `function.started` for one, would wait for its end. And the server takes a worker
 * that says nothing for dead.
 */
import type { FunctionHost } from '../../ports/function-host.ts';

/** A call that took no longer than this last time does not make others wait. */
const SHORT_CALL_MS = 2;
/** Calls that may take longer than this are announced, each time. */
export const UNANNOUNCED_CALL_MS_MAX = 10_000;
/** So is any call when the server has heard nothing for this long. */
const UNHEARD_MS_MAX = 1_500;
/** Functions whose last duration is remembered. */
const REMEMBERED_MAX = 4_096;

export interface CallGuardOptions {
  readonly nowMs: () => number;
  /** Whether another process waits for a message. */
  readonly hasMessages: () => boolean;
  /** Hands everything that is pending to the sockets. */
  readonly flush: () => void;
  /** Tells the server that it may hear nothing for this long; goes out with the next flush. */
  readonly announceSilence: (durationMs: number) => void;
}

export class CallGuard {
  readonly #options: CallGuardOptions;
  /** Function and version → how long its last call took. */
  readonly #durations = new Map<string, number>();
  #heardAtMs: number;

  constructor(options: CallGuardOptions) {
    this.#options = options;
    this.#heardAtMs = options.nowMs();
  }

  /** The server was told something. */
  noteHeard(): void {
    this.#heardAtMs = this.#options.nowMs();
  }

  wrap(host: FunctionHost): FunctionHost {
    return {
      cancel: (id) => host.cancel(id),
      pinnedFunctions: () => host.pinnedFunctions(),
      close: () => host.close(),
      start: (call, listener) => {
        const { name, version, timeoutMs } = call.definition;
        const startedAtMs = this.#options.nowMs();
        const id = `${name}@${version}`;
        this.#prepare(this.#durations.get(id), timeoutMs, startedAtMs);
        host.start(call, {
          ...listener,
          // Not when `start` returns: a call that starts inside another one waits for it.
          finished: (outcome) => {
            if (this.#durations.size >= REMEMBERED_MAX) this.#durations.clear();
            this.#durations.set(id, this.#options.nowMs() - startedAtMs);
            listener.finished(outcome);
          },
        });
      },
    };
  }

  #prepare(lastMs: number | undefined, timeoutMs: number, nowMs: number): void {
    const { hasMessages, flush, announceSilence } = this.#options;
    const isAnnounced =
      timeoutMs > UNANNOUNCED_CALL_MS_MAX || nowMs - this.#heardAtMs > UNHEARD_MS_MAX;
    if (isAnnounced) {
      announceSilence(timeoutMs);
      this.#heardAtMs = nowMs;
    }
    const isShort = lastMs !== undefined && lastMs <= SHORT_CALL_MS;
    if (isAnnounced || !isShort || hasMessages()) flush();
  }
}
