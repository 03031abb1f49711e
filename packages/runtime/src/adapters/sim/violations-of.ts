/**
 * Runs a schedule and says everything that is wrong with it.
 */
import { findViolations } from './check-history.ts';
import type { History } from './history.ts';
import { runSimulation } from './run-simulation.ts';
import type { Scenario } from './scenario.ts';
import type { Schedule } from './shrink/shrink-schedule.ts';
import type { Violation } from './violation.ts';
import { checkCounter } from './workload.ts';

/** A run that fails is one violation: an assertion of a role, or clients that wait for ever. */
export async function violationsOf({ seed, scenario }: Schedule): Promise<readonly Violation[]> {
  try {
    const { history } = await runSimulation(seed, scenario);
    return violationsIn(history, scenario);
  } catch (thrown) {
    const sentence = thrown instanceof Error ? thrown.message : String(thrown);
    return [{ kind: 'crash', sentence }];
  }
}

export const violationsIn = (history: History, scenario: Scenario): readonly Violation[] => [
  ...findViolations(history, scenario),
  ...checkCounter(history, scenario).map((sentence) => ({ kind: 'counter' as const, sentence })),
];
