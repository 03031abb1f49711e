/**
 * The threads of a sweep: one a core, each with one range of seeds at a time, so that slow seeds
 * hold up nobody.
 */
import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { ConsistencyLevel } from '@stormglass/core';
import type { SeedRange } from './seed-range.ts';
import type { SweepOptions } from './sweep-options.ts';
import { addTally, emptyTally, type Tally } from './tally.ts';

/** Seeds that a thread gets at a time. */
const RANGE = 20;
/** Short-lived objects are all there are; with more room for them they are collected less often. */
const YOUNG_GENERATION_MB = 64;
/**
 * Of each isolate that is made from now on: it has that room from the start, and collects in its own
 * thread, as helpers would take the core that another thread computes schedules on. The compiler
 * takes it too, so it inlines only a third of what it would: a short sweep is over sooner.
 */
const V8_FLAGS = [
  '--min-semi-space-size=16',
  '--no-parallel-scavenge',
  '--max-inlined-bytecode-size-cumulative=300',
];

export class SweepThreads {
  readonly #workers: readonly Worker[];
  readonly #options: SweepOptions;

  constructor(options: SweepOptions) {
    this.#options = options;
    const entry = new URL('simulate-thread-main.ts', import.meta.url);
    for (const flag of V8_FLAGS) setFlagsFromString(flag);
    const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB };
    this.#workers = Array.from(
      { length: options.threads },
      () => new Worker(entry, { resourceLimits }),
    );
  }

  /** Runs all schedules of one level; `onProgress` hears of every range that is done. */
  async run(level: ConsistencyLevel, onProgress: (tally: Tally) => void): Promise<Tally> {
    const { firstSeed, schedules, isTwice, isStrict } = this.#options;
    const sum = emptyTally();
    let next = firstSeed;
    const end = firstSeed + schedules;
    const work = async (worker: Worker): Promise<void> => {
      while (next < end) {
        const range: SeedRange = {
          level,
          firstSeed: next,
          schedules: Math.min(RANGE, end - next),
          isTwice,
          isStrict,
        };
        next += range.schedules;
        addTally(sum, await this.#ask(worker, range));
        onProgress(sum);
      }
    };
    await Promise.all(this.#workers.map(work));
    sum.broken.sort((a, b) => a.seed - b.seed);
    return sum;
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  async #ask(worker: Worker, range: SeedRange): Promise<Tally> {
    worker.postMessage(range);
    // Rejects when the thread fails meanwhile.
    const [tally]: Tally[] = await once(worker, 'message');
    if (tally === undefined) throw new Error('A thread answered without a tally');
    return tally;
  }
}
