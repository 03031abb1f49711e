/**
 * The command line of `npm run simulate`.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { consistencyLevels, type ConsistencyLevel } from '@stormglass/core';

export interface SweepOptions {
  readonly firstSeed: number;
  readonly schedules: number;
  readonly levels: readonly ConsistencyLevel[];
  readonly threads: number;
  readonly isTwice: boolean;
  /** Whether every message of every schedule is parsed with its schema. */
  readonly isStrict: boolean;
  /** Print what happens in the schedule of this seed, at the first of the levels, instead. */
  readonly tracedSeed: string | undefined;
  /** Whether the first seed of a level that breaks a rule is made smaller. */
  readonly isShrunk: boolean;
  /** A file with a schedule, to run instead of seeds. */
  readonly replay: string | undefined;
}

const USAGE = `Usage: npm run simulate -- [options]
  --seed 1            the first seed
  --schedules 200     how many, one a seed
  --level L           may be repeated; default all: ${consistencyLevels.join(', ')}
  --threads N         default one a core
  --twice             run each seed twice and compare the histories
  --strict            parse each message of each schedule with its schema; otherwise of every 64th
  --no-shrink         leave the first schedule that breaks a rule as long as it is
  --trace SEED        print what happens in the schedule of one seed, at the first level
  --replay FILE       run the schedule in a file instead
`;

const isLevel = (text: string): text is ConsistencyLevel =>
  consistencyLevels.some((level) => level === text);

/** `undefined` when the command line makes no sense, with the usage written. */
export function sweepOptionsFrom(commandLine: readonly string[]): SweepOptions | undefined {
  const { values } = parseArgs({
    args: [...commandLine],
    options: {
      seed: { type: 'string', default: '1' },
      schedules: { type: 'string', default: '200' },
      level: { type: 'string', multiple: true, default: [...consistencyLevels] },
      threads: { type: 'string', default: `${availableParallelism()}` },
      twice: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
      'no-shrink': { type: 'boolean', default: false },
      trace: { type: 'string' },
      replay: { type: 'string' },
    },
  });
  const [firstSeed, schedules, threads] = [values.seed, values.schedules, values.threads].map(
    countOf,
  );
  const levels = values.level.filter(isLevel);
  const isLevels = levels.length === values.level.length;
  if (
    firstSeed === undefined ||
    schedules === undefined ||
    threads === undefined ||
    threads === 0 ||
    !isLevels
  ) {
    process.stderr.write(USAGE);
    return undefined;
  }
  return {
    firstSeed,
    schedules,
    levels,
    threads,
    isTwice: values.twice,
    isStrict: values.strict,
    isShrunk: !values['no-shrink'],
    tracedSeed: values.trace,
    replay: values.replay,
  };
}

function countOf(text: string): number | undefined {
  const count = Number(text);
  return Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}
