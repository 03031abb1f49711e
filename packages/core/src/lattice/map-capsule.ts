/**
 * The map: each field is last-writer-wins by (timestamp, writer), and by value text when both are
 * equal, so the order of the fields is total whatever a writer does.
 */
import { compareTexts } from '../text-order.ts';
import type { MapCapsule, MapField } from './capsule.ts';
import { type Lattice, orderOf } from './lattice.ts';
import { BOTTOM_METADATA, joinEntries, joinMerged } from './merged-metadata.ts';

function joinFields(a: MapField, b: MapField): MapField {
  const order =
    a.timestamp - b.timestamp || compareTexts(a.writer, b.writer) || compareTexts(a.value, b.value);
  return order >= 0 ? a : b;
}

function joinStates(a: MapCapsule, b: MapCapsule): MapCapsule {
  const fields = joinEntries(a.fields, b.fields, joinFields);
  return fields === a.fields ? a : { ...a, fields };
}

export const joinMaps = (a: MapCapsule, b: MapCapsule): MapCapsule =>
  joinMerged(a, b, joinStates, (state, metadata) => ({ ...state, ...metadata }));

export const mapLattice: Lattice<MapCapsule> = {
  bottom: { kind: 'map', ...BOTTOM_METADATA, fields: new Map() },
  join: joinMaps,
  compare: (a, b) => orderOf(joinMaps, a, b),
};
