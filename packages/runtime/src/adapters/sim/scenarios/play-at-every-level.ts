/**
 * Plays a schedule at every level, from several seeds that must not matter.
 */
import { consistencyLevels, type ConsistencyLevel } from '@stormglass/core';
import type { Outcome } from './outcome.ts';
import { playSchedule, type PlayOptions } from './play-schedule.ts';

const SEEDS = ['1', '2', '3'];

/** For each level what `check` has to find there. */
export type AtEveryLevel<T> = Readonly<Record<ConsistencyLevel, T>>;

/** @param check throws where the outcome is not as it has to be */
export async function playAtEveryLevel(
  schedule: string,
  options: Omit<PlayOptions, 'level' | 'seed'>,
  check: (outcome: Outcome, level: ConsistencyLevel) => void,
): Promise<void> {
  for (const level of consistencyLevels) {
    for (const seed of SEEDS)
      check(await playSchedule(schedule, { ...options, level, seed }), level);
  }
}
