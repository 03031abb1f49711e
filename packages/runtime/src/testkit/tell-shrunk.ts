/**
 * What `npm run simulate` does with a schedule that breaks a rule: shrinks it, prints it and what
 * happens in it, and keeps it in a file that `--replay` runs again.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runSchedule, violationsOf } from '../adapters/sim/run-schedule.ts';
import { parseSchedule, scheduleText } from '../adapters/sim/schedule-text.ts';
import { shrinkSchedule, type Schedule } from '../adapters/sim/shrink/shrink-schedule.ts';
import { lengthOf, tellSchedule } from '../adapters/sim/shrink/tell-schedule.ts';
import { tellTrace } from '../adapters/sim/trace/tell-trace.ts';
import type { TraceStep } from '../adapters/sim/trace/trace-step.ts';
import { workloadFunctions } from '../adapters/sim/workload.ts';

const FOLDER = '.cache/simulate';
/** Lines; all of it is in a file. */
const SHOWN_TRACE_MAX = 150;

/** Shrinks a schedule that breaks a rule, and writes it to a file named `name`. */
export async function tellShrunk(name: string, schedule: Schedule): Promise<void> {
  const [violation] = await violationsOf(schedule);
  if (violation === undefined) {
    process.stdout.write(`${name} breaks no rule when it is run again\n`);
    return;
  }
  const shrunk = await shrinkSchedule(schedule, {
    violation,
    violationsOf: (smaller) => violationsOf(smaller),
  });
  const minimal = shrunk.isMinimal ? 'nothing more can be left out' : 'all runs are used up';
  mkdirSync(FOLDER, { recursive: true });
  const path = join(FOLDER, `${name}.json`);
  writeFileSync(path, scheduleText(shrunk.schedule));
  const trace = await traceOf(shrunk.schedule);
  writeFileSync(join(FOLDER, `${name}.trace.txt`), textOf(trace));
  process.stdout.write(
    [
      `${name} shrunk from ${lengthOf(schedule)} to ${lengthOf(shrunk.schedule)} operations and ` +
        `faults in ${shrunk.runs} runs, ${minimal}:`,
      ...tellSchedule(shrunk.schedule).map((line) => `  ${line}`),
      `  ${shrunk.violation.kind}: ${shrunk.violation.sentence}`,
      `  Again: npm run simulate -- --replay ${path}`,
      '',
      ...trace.slice(0, SHOWN_TRACE_MAX),
      ...(trace.length > SHOWN_TRACE_MAX ? [`The rest is in ${FOLDER}/${name}.trace.txt`] : []),
      '',
    ].join('\n'),
  );
}

/** Prints everything that happens in a schedule; true when it breaks no rule. */
export async function printTrace(schedule: Schedule): Promise<boolean> {
  process.stdout.write(textOf([...tellSchedule(schedule), '', ...(await traceOf(schedule))]));
  const violations = await violationsOf(schedule);
  const told = violations.map(({ kind, sentence }) => `${kind}: ${sentence}`);
  process.stdout.write(textOf(['', ...(told.length === 0 ? ['breaks no rule'] : told)]));
  return violations.length === 0;
}

async function traceOf(schedule: Schedule): Promise<readonly string[]> {
  const steps: TraceStep[] = [];
  await runSchedule(schedule, { trace: (step) => steps.push(step) });
  return tellTrace(schedule.scenario, steps);
}

const textOf = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

/** Runs a file that {@link tellShrunk} has written; true when it breaks no rule. */
export async function replaySchedule(path: string): Promise<boolean> {
  const schedule = parseSchedule(readFileSync(path, 'utf8'), workloadFunctions);
  const violations = await violationsOf(schedule);
  const told = violations.map(({ kind, sentence }) => `  ${kind}: ${sentence}`);
  const verdict = violations.length === 0 ? ['  breaks no rule'] : told;
  process.stdout.write(`${[...tellSchedule(schedule), ...verdict].join('\n')}\n`);
  return violations.length === 0;
}
