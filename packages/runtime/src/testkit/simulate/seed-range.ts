/**
 * What a thread of a sweep is told to do; it answers with its tally.
 */
import type { ConsistencyLevel } from '@stormglass/core';

export interface SeedRange {
  readonly level: ConsistencyLevel;
  readonly firstSeed: number;
  readonly schedules: number;
  readonly isTwice: boolean;
  readonly isStrict: boolean;
}
