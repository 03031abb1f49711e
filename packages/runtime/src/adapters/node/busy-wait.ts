/**
 * Staying awake for a moment in which something is likely to come. Waking a thread that sleeps takes
 * some 50 µs on a virtual machine, which is more than an invocation computes, and one invocation
 * wakes two. So the event loop turns instead of sleeping, for a bounded time.
 */
import { availableParallelism } from 'node:os';

/** With one core, whoever stays awake keeps the other from answering. */
const IS_WORTHWHILE = availableParallelism() > 1;

export class BusyWait {
  #untilMs = 0;
  #isTurning = false;

  /** Stays awake for so long from now on. */
  start(durationMs: number): void {
    if (!IS_WORTHWHILE) return;
    this.#untilMs = performance.now() + durationMs;
    if (this.#isTurning) return;
    this.#isTurning = true;
    setImmediate(this.#turn);
  }

  stop(): void {
    this.#untilMs = 0;
  }

  readonly #turn = (): void => {
    if (performance.now() < this.#untilMs) setImmediate(this.#turn);
    else this.#isTurning = false;
  };
}
