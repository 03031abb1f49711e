/**
 * Moving nodes.
 */
import type { NodeId, NodePlace } from '@stormglass/core';
import type { DagDocument } from '../document.ts';

export interface MoveNodes {
  readonly type: 'move-nodes';
  readonly places: readonly (readonly [NodeId, NodePlace])[];
}

export function moveNodes(document: DagDocument, command: MoveNodes): DagDocument {
  const moved = command.places.filter(([id, place]) => {
    const before = document.places.get(id);
    return before !== undefined && (before.x !== place.x || before.y !== place.y);
  });
  if (moved.length === 0) return document;
  return { ...document, places: new Map([...document.places, ...moved]) };
}
