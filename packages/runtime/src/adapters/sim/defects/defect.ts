/**
 * A defect of the published protocols or of their code, which the simulation has to find when it is
 * put back (protocols.md 2.3, 2.4 and decision 9).
 */
import {
  correctedProtocol,
  type ConsistencyLevel,
  type ProtocolStrategies,
} from '@stormglass/core';
import type { Plant } from '../planted.ts';

export interface Defect {
  /** Short, for tables and files: `early-return`. */
  readonly name: string;
  /** Where it is described. */
  readonly source: string;
  /** What the roles then do. */
  readonly what: string;
  /** A level whose promise it breaks. */
  readonly level: ConsistencyLevel;
  readonly plant: Plant;
  /** Whether finding it takes more schedules than a test has. */
  readonly isRare?: boolean | undefined;
}

/** The corrected decisions with some replaced. */
export const withDecisions =
  (replaced: Partial<ProtocolStrategies>): Plant =>
  () => ({ strategies: { ...correctedProtocol, ...replaced } });
