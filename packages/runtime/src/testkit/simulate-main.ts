/**
 * `npm run simulate -- --seed S --schedules N --level L`: draws N scenarios from the seeds S, S+1,
 * …, runs each on the simulated cluster, and says which seeds break a rule. The first seed of a
 * level that does is shrunk and kept in a file; `--replay FILE` runs such a file. `--trace SEED` prints
 * what happens in one schedule.
 */
import { must, type ConsistencyLevel } from '@stormglass/core';
import { drawScenario } from '../adapters/sim/workload.ts';
import { ProgressLine } from './simulate/progress-line.ts';
import { sweepOptionsFrom, type SweepOptions } from './simulate/sweep-options.ts';
import { brokenSeedText, levelSummary, SHOWN_SEEDS_MAX } from './simulate/sweep-summary.ts';
import { SweepThreads } from './simulate/sweep-threads.ts';
import { printTrace, replaySchedule, tellShrunk } from './tell-shrunk.ts';

/** Whether no seed broke a rule. */
async function sweepLevel(
  level: ConsistencyLevel,
  options: SweepOptions,
  threads: SweepThreads,
): Promise<boolean> {
  const startedMs = performance.now();
  const line = new ProgressLine(process.stderr, startedMs);
  const secondsSince = (): number => (performance.now() - startedMs) / 1_000;
  const tally = await threads.run(level, ({ schedules, broken }) =>
    line.show(
      {
        label: level,
        done: schedules,
        total: options.schedules,
        perSecond: schedules / secondsSince(),
        broken: broken.length,
      },
      performance.now(),
    ),
  );
  line.clear();
  for (const broken of tally.broken.slice(0, SHOWN_SEEDS_MAX)) {
    process.stdout.write(brokenSeedText(level, broken));
  }
  process.stdout.write(levelSummary(level, tally, secondsSince()));
  const [first] = tally.broken;
  if (options.isShrunk && first !== undefined) {
    const seed = `${first.seed}`;
    await tellShrunk(`${level}-${seed}`, { seed, scenario: drawScenario(seed, level) });
  }
  return tally.broken.length === 0;
}

async function sweep(options: SweepOptions): Promise<boolean> {
  const threads = new SweepThreads(options);
  let isClean = true;
  for (const level of options.levels) {
    isClean = (await sweepLevel(level, options, threads)) && isClean;
  }
  await threads.close();
  return isClean;
}

/** Whether no rule was broken. */
function run(options: SweepOptions): Promise<boolean> {
  const { replay, tracedSeed: seed, levels } = options;
  if (replay !== undefined) return replaySchedule(replay);
  if (seed === undefined) return sweep(options);
  const level = must(levels[0], 'there is a level');
  return printTrace({ seed, scenario: drawScenario(seed, level) });
}

const options = sweepOptionsFrom(process.argv.slice(2));
if (options === undefined) process.exitCode = 2;
else {
  process.exitCode = (await run(options)) ? 0 : 1;
}
