/**
 * The set: joined by union. Elements are the same when their JSON texts are.
 */
import type { SetCapsule } from './capsule.ts';
import { type Lattice, orderOf } from './lattice.ts';
import { BOTTOM_METADATA, joinMerged } from './merged-metadata.ts';

function joinStates(a: SetCapsule, b: SetCapsule): SetCapsule {
  if (b.elements.isSubsetOf(a.elements)) return a;
  return { ...a, elements: a.elements.union(b.elements) };
}

export const joinSets = (a: SetCapsule, b: SetCapsule): SetCapsule =>
  joinMerged(a, b, joinStates, (state, metadata) => ({ ...state, ...metadata }));

export const setLattice: Lattice<SetCapsule> = {
  bottom: { kind: 'set', ...BOTTOM_METADATA, elements: new Set() },
  join: joinSets,
  compare: (a, b) => orderOf(joinSets, a, b),
};
