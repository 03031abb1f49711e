/**
 * What came of looking for one planted defect, as the threads tell it.
 */
import { must } from '@stormglass/core';
import { allDefects } from '../../adapters/sim/defects/all-defects.ts';
import { huntDefect, shrinkFound } from '../../adapters/sim/defects/hunt-defect.ts';
import { scheduleText } from '../../adapters/sim/schedule-text.ts';
import { lengthOf, tellSchedule } from '../../adapters/sim/shrink/tell-schedule.ts';

export interface DefectTask {
  readonly name: string;
  readonly schedulesMax: number;
}

export interface DefectReport {
  readonly name: string;
  /** Schedules run until one broke a rule, that one included. */
  readonly schedules: number;
  readonly found: FoundReport | undefined;
}

interface FoundReport {
  /** Kind of violation, and key where it is about one. */
  readonly violation: string;
  readonly sentence: string;
  /** Operations and faults of the shrunk schedule. */
  readonly length: number;
  /** Whether nothing more can be left out of it. */
  readonly isMinimal: boolean;
  readonly told: readonly string[];
  /** For a file that can be run again. */
  readonly text: string;
}

export async function reportDefect({ name, schedulesMax }: DefectTask): Promise<DefectReport> {
  const known = allDefects.find((candidate) => candidate.name === name);
  const defect = must(known, `There is no defect ${name}`);
  const { schedules, found } = await huntDefect(defect, schedulesMax);
  if (found === undefined) return { name, schedules, found };
  const { schedule, violation, isMinimal } = await shrinkFound(defect, found);
  const { kind, key, sentence } = violation;
  return {
    name,
    schedules,
    found: {
      violation: key === undefined ? kind : `${kind} of ${key}`,
      sentence,
      length: lengthOf(schedule),
      isMinimal,
      told: tellSchedule(schedule),
      text: scheduleText(schedule),
    },
  };
}
