/**
 * What tests of any package need of core: the laws, and generators of clocks and capsules.
 */
export { type LatticeLaw, lawViolations } from '../lattice/laws.ts';
