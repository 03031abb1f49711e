/**
 * What tests of any package need of core: the laws, and generators of clocks and of the histories of a key.
 */
export { type LatticeLaw, lawViolations } from '../lattice/laws.ts';
export {
  clockArbitrary,
  type History,
  historyArbitrary,
  type HistoryStep,
  playHistory,
  type PublishedWrite,
  WRITERS,
} from './capsule-histories.ts';
