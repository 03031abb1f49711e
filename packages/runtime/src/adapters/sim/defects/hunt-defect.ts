/**
 * Looks for a schedule on which a planted defect breaks a rule, and shrinks it.
 */
import { type Schedule, shrinkSchedule, type ShrunkSchedule } from '../shrink/shrink-schedule.ts';
import { isSameClass, type Violation } from '../violation.ts';
import { violationsOf } from '../run-schedule.ts';
import { drawScenario } from '../workload.ts';
import type { Defect } from './defect.ts';

export interface Hunt {
  /** How many schedules were run, the one that broke a rule included. */
  readonly schedules: number;
  readonly found: Found | undefined;
}

export interface Found {
  readonly seed: string;
  /** The first one. */
  readonly violation: Violation;
}

/**
 * What the defect alone breaks: a class of violations that the corrected protocol shows on the same
 * schedule too says nothing about the defect. Schemas change nothing of what is found, and take more
 * time than all roles together.
 */
async function brokenByDefect(
  { plant }: Defect,
  schedule: Schedule,
): Promise<readonly Violation[]> {
  const planted = await violationsOf(schedule, { plant, isStrict: false, keepsEvents: false });
  if (planted.length === 0) return [];
  const corrected = await violationsOf(schedule, { isStrict: false, keepsEvents: false });
  return planted.filter((violation) => !corrected.some((other) => isSameClass(violation, other)));
}

/** Seeds 1, 2, … at the level whose promise the defect breaks. */
export async function huntDefect(
  defect: Defect,
  schedulesMax: number,
  onSchedule: (schedules: number) => void = () => undefined,
): Promise<Hunt> {
  for (let schedules = 1; schedules <= schedulesMax; schedules += 1) {
    const seed = `${schedules}`;
    const schedule = { seed, scenario: drawScenario(seed, defect.level) };
    const [violation] = await brokenByDefect(defect, schedule);
    if (violation !== undefined) return { schedules, found: { seed, violation } };
    onSchedule(schedules);
  }
  return { schedules: schedulesMax, found: undefined };
}

export const shrinkFound = (defect: Defect, { seed, violation }: Found): Promise<ShrunkSchedule> =>
  shrinkSchedule(
    { seed, scenario: drawScenario(seed, defect.level) },
    { violation, violationsOf: (schedule) => brokenByDefect(defect, schedule) },
  );
