/**
 * The maximum of the numbers merged into it.
 */
import type { MaxCapsule } from './capsule.ts';
import { type Lattice, orderOf } from './lattice.ts';
import { BOTTOM_METADATA, joinMerged } from './merged-metadata.ts';

function joinStates(a: MaxCapsule, b: MaxCapsule): MaxCapsule {
  if (b.max === undefined || (a.max !== undefined && a.max >= b.max)) return a;
  return { ...a, max: b.max };
}

export const joinMaxima = (a: MaxCapsule, b: MaxCapsule): MaxCapsule =>
  joinMerged(a, b, joinStates, (state, metadata) => ({ ...state, ...metadata }));

export const maxLattice: Lattice<MaxCapsule> = {
  bottom: { kind: 'max', ...BOTTOM_METADATA, max: undefined },
  join: joinMaxima,
  compare: (a, b) => orderOf(joinMaxima, a, b),
};
