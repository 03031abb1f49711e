/**
 * `npm run simulate -- --seed S --schedules N --level L`: draws N scenarios from the seeds S, S+1,
 * …, runs each on the simulated cluster, and says which seeds break a rule. `--twice` runs each
 * seed twice and compares the hashes.
 *
 * The first seed of a level that breaks a rule is shrunk and kept in a file, unless `--no-shrink`;
 * `--replay FILE` runs such a file.
 */
import { parseArgs } from 'node:util';
import { consistencyLevels, type ConsistencyLevel } from '@stormglass/core';
import type { History } from '../adapters/sim/history.ts';
import { runSimulation } from '../adapters/sim/run-simulation.ts';
import { violationsIn } from '../adapters/sim/violations-of.ts';
import { drawScenario } from '../adapters/sim/workload.ts';
import { replay, tellShrunk } from './tell-shrunk.ts';

/** Of one seed. */
const SHOWN_VIOLATIONS_MAX = 5;
/** Of one level; the rest are only counted. */
const SHOWN_SEEDS_MAX = 10;
const PROGRESS_INTERVAL_MS = 1_000;

interface Options {
  readonly firstSeed: number;
  readonly schedules: number;
  readonly levels: readonly ConsistencyLevel[];
  readonly isTwice: boolean;
  readonly isShrunk: boolean;
  /** A file with a schedule, instead of seeds. */
  readonly replay: string | undefined;
}

interface Tally {
  schedules: number;
  turns: number;
  virtualMs: number;
  crashes: number;
  /** `ok`, `ok again` after more than one attempt, or the problem's slug. */
  readonly answers: Map<string, number>;
  readonly brokenSeeds: number[];
}

const isLevel = (text: string): text is ConsistencyLevel =>
  consistencyLevels.some((level) => level === text);

function optionsFrom(commandLine: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...commandLine],
    options: {
      seed: { type: 'string', default: '1' },
      schedules: { type: 'string', default: '200' },
      level: { type: 'string', multiple: true, default: ['lww', 'repeatable-read', 'causal'] },
      twice: { type: 'boolean', default: false },
      'no-shrink': { type: 'boolean', default: false },
      replay: { type: 'string' },
    },
  });
  const firstSeed = Number(values.seed);
  const schedules = Number(values.schedules);
  const levels = values.level.filter(isLevel);
  const isCount = (given: number): boolean => Number.isSafeInteger(given) && given >= 0;
  if (!isCount(firstSeed) || !isCount(schedules) || levels.length < values.level.length) {
    process.stderr.write(
      'Usage: npm run simulate -- [--seed 1] [--schedules 200] [--level L]… [--twice] ' +
        '[--no-shrink] [--replay FILE]\n' +
        `Levels: ${consistencyLevels.join(', ')}\n`,
    );
    process.exit(2);
  }
  return {
    firstSeed,
    schedules,
    levels,
    isTwice: values.twice,
    isShrunk: !values['no-shrink'],
    replay: values.replay,
  };
}

function count(tally: Tally, history: History): void {
  for (const entry of history) {
    if (entry.kind === 'crash') tally.crashes += 1;
    if (entry.kind !== 'answer') continue;
    const outcome = entry.failure ?? (entry.attempts > 1 ? 'ok again' : 'ok');
    tally.answers.set(outcome, (tally.answers.get(outcome) ?? 0) + 1);
  }
}

/** What is wrong with this seed; empty when nothing is. */
async function runSeed(
  seed: number,
  level: ConsistencyLevel,
  { tally, isTwice }: { readonly tally: Tally; readonly isTwice: boolean },
): Promise<readonly string[]> {
  const scenario = drawScenario(`${seed}`, level);
  try {
    const { history, hash, turns, virtualMs } = await runSimulation(`${seed}`, scenario);
    tally.turns += turns;
    tally.virtualMs += virtualMs;
    count(tally, history);
    const violations = violationsIn(history, scenario).map(({ sentence }) => sentence);
    if (!isTwice) return violations;
    const again = await runSimulation(`${seed}`, scenario);
    return again.hash === hash ? violations : [...violations, `two runs: ${hash}, ${again.hash}`];
  } catch (thrown) {
    return [thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)];
  }
}

function summary(level: ConsistencyLevel, tally: Tally, seconds: number): string {
  const perSecond = Math.round(tally.schedules / seconds);
  const answers = [...tally.answers].map(([outcome, times]) => `${times} ${outcome}`).join(', ');
  const virtualSeconds = Math.round(tally.virtualMs / 1000);
  const shown = tally.brokenSeeds.slice(0, SHOWN_SEEDS_MAX).join(' ');
  const broken = shown === '' ? 'none' : `${tally.brokenSeeds.length}, first ${shown}`;
  return [
    `${level}: ${tally.schedules} schedules in ${seconds.toFixed(1)} s, ${perSecond} a second`,
    `  ${tally.turns} turns, ${virtualSeconds} s of virtual time, ${tally.crashes} crashes`,
    `  invocations: ${answers}`,
    `  seeds that break a rule: ${broken}`,
    '',
  ].join('\n');
}

async function runLevel(level: ConsistencyLevel, options: Options): Promise<boolean> {
  const { firstSeed, schedules, isTwice } = options;
  const tally: Tally = {
    schedules: 0,
    turns: 0,
    virtualMs: 0,
    crashes: 0,
    answers: new Map(),
    brokenSeeds: [],
  };
  const startedMs = performance.now();
  let toldMs = startedMs;
  for (let seed = firstSeed; seed < firstSeed + schedules; seed += 1) {
    const violations = await runSeed(seed, level, { tally, isTwice });
    tally.schedules += 1;
    if (violations.length > 0) {
      tally.brokenSeeds.push(seed);
      if (tally.brokenSeeds.length <= SHOWN_SEEDS_MAX) {
        const shown = violations.slice(0, SHOWN_VIOLATIONS_MAX).join('\n  ');
        process.stdout.write(`${level} seed ${seed}:\n  ${shown}\n`);
      }
    }
    if (performance.now() - toldMs > PROGRESS_INTERVAL_MS) {
      toldMs = performance.now();
      process.stderr.write(
        `${level}: ${tally.schedules} of ${schedules}, ${tally.brokenSeeds.length} broken\n`,
      );
    }
  }
  process.stdout.write(summary(level, tally, (performance.now() - startedMs) / 1000));
  const [first] = tally.brokenSeeds;
  if (options.isShrunk && first !== undefined) {
    const scenario = drawScenario(`${first}`, level);
    await tellShrunk(`${level}-${first}`, { seed: `${first}`, scenario });
  }
  return tally.brokenSeeds.length === 0;
}

const options = optionsFrom(process.argv.slice(2));
let isClean = true;
if (options.replay !== undefined) isClean = await replay(options.replay);
else for (const level of options.levels) isClean = (await runLevel(level, options)) && isClean;
process.exitCode = isClean ? 0 : 1;
