/**
 * One thread of a sweep: runs the ranges of seeds that it is sent, one after the other.
 */
import { parentPort } from 'node:worker_threads';
import { must } from '@stormglass/core';
import { runSchedule } from '../../adapters/sim/run-schedule.ts';
import { DRAWN_STORAGES, drawScenario } from '../../adapters/sim/workload.ts';
import { HashRing } from '../../storage/hash-ring.ts';
import type { SeedRange } from './seed-range.ts';
import { countSchedule, emptyTally, type Tally } from './tally.ts';

/** The share of schedules in which every message is parsed with its schema. */
const STRICT_EVERY = 64;

const port = must(parentPort, 'this is a thread');
const ring = new HashRing(DRAWN_STORAGES);

async function runRange(range: SeedRange): Promise<Tally> {
  const { level, firstSeed, schedules, isTwice } = range;
  const tally = emptyTally();
  for (let seed = firstSeed; seed < firstSeed + schedules; seed += 1) {
    const isStrict = range.isStrict || seed % STRICT_EVERY === 0;
    const schedule = { seed: `${seed}`, scenario: drawScenario(`${seed}`, level) };
    const options = { isTwice, isStrict, ring, keepsEvents: false };
    countSchedule(tally, seed, await runSchedule(schedule, options));
  }
  return tally;
}

port.on('message', (range: SeedRange) => {
  runRange(range).then(
    (tally) => port.postMessage(tally),
    (thrown: unknown) => {
      throw thrown;
    },
  );
});
