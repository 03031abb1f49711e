/**
 * Staying awake for a moment in which something is likely to come. Waking a thread that sleeps takes
 * some 50 µs on a virtual machine, which is more than an invocation computes, and one invocation
 * wakes two. So the event loop turns instead of sleeping, for a bounded time.
 *
 * Where nothing came in that time, the thread that it waited for may have needed this very core. So
 * the next moments are slept through, twice as many each time that it happens again; and half as
 * many each time that something comes in time after all.
 */
import { availableParallelism } from 'node:os';

const SKIPPED_MAX = 64;

export interface BusyWaitWorld {
  readonly cores: number;
  readonly nowMs: () => number;
  /** Calls back when the event loop has looked for news without sleeping. */
  readonly afterTurn: (callback: () => void) => void;
}

const thisThread: BusyWaitWorld = {
  cores: availableParallelism(),
  nowMs: () => performance.now(),
  afterTurn: (callback) => {
    setImmediate(callback);
  },
};

export class BusyWait {
  readonly #world: BusyWaitWorld;
  /** 0 when nothing is waited for. */
  #untilMs = 0;
  #isAwake = false;
  #isTurning = false;
  /** Moments that are slept through after the next one in vain. */
  #skipNext = 1;
  #toSkip = 0;

  constructor(world: BusyWaitWorld = thisThread) {
    this.#world = world;
  }

  /** What was waited for has come. Waits for so long from now on for the next. */
  start(durationMs: number): void {
    this.stop();
    // With one core, whoever stays awake keeps the other from answering.
    if (this.#world.cores === 1) return;
    this.#untilMs = this.#world.nowMs() + durationMs;
    this.#isAwake = this.#toSkip === 0;
    if (!this.#isAwake) {
      this.#toSkip -= 1;
      return;
    }
    if (this.#isTurning) return;
    this.#isTurning = true;
    this.#world.afterTurn(this.#turn);
  }

  /** What was waited for has come. */
  stop(): void {
    if (this.#untilMs === 0) return;
    if (this.#isAwake) this.#skipNext = Math.max(1, this.#skipNext / 2);
    else if (this.#world.nowMs() < this.#untilMs) this.#toSkip >>= 1;
    this.#untilMs = 0;
    this.#isAwake = false;
  }

  readonly #turn = (): void => {
    const isInVain = this.#isAwake && this.#world.nowMs() >= this.#untilMs;
    if (isInVain) {
      this.#untilMs = 0;
      this.#isAwake = false;
      this.#toSkip = this.#skipNext;
      this.#skipNext = Math.min(SKIPPED_MAX, this.#skipNext * 2);
    }
    if (this.#isAwake) this.#world.afterTurn(this.#turn);
    else this.#isTurning = false;
  };
}
