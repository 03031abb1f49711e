/**
 * Staying awake for a moment in which something is likely to come. Waking a thread that sleeps takes
 * some 50 µs on a virtual machine, which is more than an invocation computes, and one invocation
 * wakes two. So the event loop turns instead of sleeping, for a bounded time.
 *
 * Where others want the core, that is worse than sleeping: a thread that uses up its share waits for
 * milliseconds when there is something to do, one that slept goes first. So who loses the core while
 * it waits awake sleeps at once for a while, longer each time that it happens again.
 */
import { availableParallelism } from 'node:os';

/** A turn takes microseconds; one that takes so long was interrupted, or had something to do. */
const LONG_TURN_MS = 0.25;
const SLEEP_MS_MIN = 5;
const SLEEP_MS_MAX = 640;
/** Who loses the core so soon after a sleep has not slept long enough. */
const AGAIN_MS = 20;

export interface BusyWaitWorld {
  readonly cores: number;
  /** Milliseconds that passed. */
  readonly nowMs: () => number;
  /** Milliseconds that this thread had a core. */
  readonly cpuMs: () => number;
  /** Calls back when the event loop has looked for news without sleeping. */
  readonly afterTurn: (callback: () => void) => void;
}

const thisThread: BusyWaitWorld = {
  cores: availableParallelism(),
  nowMs: () => performance.now(),
  cpuMs: () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1_000;
  },
  afterTurn: (callback) => {
    setImmediate(callback);
  },
};

export class BusyWait {
  readonly #world: BusyWaitWorld;
  #untilMs = 0;
  #isTurning = false;
  #turnedAtMs = 0;
  /** What the clock and the time on a core differed by at the last start. */
  #awayMs = 0;
  /** How long it slept after it lost the core. */
  #sleepMs = 0;
  #sleepUntilMs = 0;

  constructor(world: BusyWaitWorld = thisThread) {
    this.#world = world;
  }

  /** Stays awake for so long from now on, unless others want the core. */
  start(durationMs: number): void {
    // With one core, whoever stays awake keeps the other from answering.
    if (this.#world.cores === 1) return;
    const nowMs = this.#world.nowMs();
    if (nowMs < this.#sleepUntilMs) return;
    this.#untilMs = nowMs + durationMs;
    this.#turnedAtMs = nowMs;
    this.#awayMs = nowMs - this.#world.cpuMs();
    if (this.#isTurning) return;
    this.#isTurning = true;
    this.#world.afterTurn(this.#turn);
  }

  stop(): void {
    this.#untilMs = 0;
  }

  readonly #turn = (): void => {
    const nowMs = this.#world.nowMs();
    const turnMs = nowMs - this.#turnedAtMs;
    this.#turnedAtMs = nowMs;
    if (turnMs > LONG_TURN_MS && this.#hasLostCore(nowMs)) this.#sleep(nowMs);
    if (nowMs < this.#untilMs) this.#world.afterTurn(this.#turn);
    else this.#isTurning = false;
  };

  #hasLostCore(nowMs: number): boolean {
    return nowMs - this.#world.cpuMs() - this.#awayMs > LONG_TURN_MS;
  }

  #sleep(nowMs: number): void {
    const isAgain = nowMs < this.#sleepUntilMs + Math.max(this.#sleepMs, AGAIN_MS);
    this.#sleepMs = isAgain ? Math.min(2 * this.#sleepMs, SLEEP_MS_MAX) : SLEEP_MS_MIN;
    this.#sleepUntilMs = nowMs + this.#sleepMs;
    this.#untilMs = 0;
  }
}
