/**
 * Dependencies: key → the clock that must be covered before the dependent version may be seen (HydroCache, COPS).
 */
import type { VectorClock } from '../clock/vector-clock.ts';
import type { Key } from '../ids.ts';

export type Dependencies = ReadonlyMap<Key, VectorClock>;

export const NO_DEPENDENCIES: Dependencies = new Map();
