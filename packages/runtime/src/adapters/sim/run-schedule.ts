/**
 * Runs one schedule and says everything that is wrong with it.
 */
import { runSimulation, type Simulation, type SimulationOptions } from './run-simulation.ts';
import type { Schedule } from './shrink/shrink-schedule.ts';
import type { Violation } from './violation.ts';
import { violationsIn } from './violations-in.ts';

export interface ScheduleRun {
  /** Absent when the run broke off; why is then the only violation. */
  readonly simulation: Simulation | undefined;
  readonly violations: readonly Violation[];
}

export interface ScheduleOptions extends SimulationOptions {
  /** Whether to run it again, and to call it a violation when that gives another history. */
  readonly isTwice?: boolean | undefined;
}

/** A run that fails is one violation: an assertion of a role, or clients that wait for ever. */
export async function runSchedule(
  { seed, scenario }: Schedule,
  options: ScheduleOptions = {},
): Promise<ScheduleRun> {
  try {
    const simulation = await runSimulation(seed, scenario, options);
    const violations = violationsIn(simulation.history, scenario);
    if (options.isTwice !== true) return { simulation, violations };
    const again = await runSimulation(seed, scenario, options);
    if (again.hash === simulation.hash) return { simulation, violations };
    const sentence = `Two runs differ: ${simulation.hash} and ${again.hash}`;
    return { simulation, violations: [...violations, { kind: 'two-histories', sentence }] };
  } catch (thrown) {
    const sentence = thrown instanceof Error ? thrown.message : String(thrown);
    return { simulation: undefined, violations: [{ kind: 'crash', sentence }] };
  }
}

export const violationsOf = async (
  schedule: Schedule,
  options?: ScheduleOptions,
): Promise<readonly Violation[]> => (await runSchedule(schedule, options)).violations;
