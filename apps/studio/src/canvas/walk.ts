/**
 * Walking the graph with the arrow keys: along edges, not along pixels.
 */
import type { NodeId } from '@stormglass/core';
import type { DagDocument } from '../document/document.ts';

export type WalkDirection = 'downstream' | 'upstream' | 'above' | 'below';

const byHeight = (document: DagDocument, ids: readonly NodeId[]): readonly NodeId[] =>
  ids.toSorted((a, b) => (document.places.get(a)?.y ?? 0) - (document.places.get(b)?.y ?? 0));

/** Nodes at about the same distance from the left: what "up" and "down" go through. */
function column(document: DagDocument, node: NodeId): readonly NodeId[] {
  const x = document.places.get(node)?.x ?? 0;
  const near = document.nodes
    .map(({ id }) => id)
    .filter((id) => Math.abs((document.places.get(id)?.x ?? 0) - x) < 120);
  return byHeight(document, near);
}

/** The node to go to, or `undefined` when there is none that way. */
export function walk(
  document: DagDocument,
  node: NodeId,
  direction: WalkDirection,
): NodeId | undefined {
  switch (direction) {
    case 'downstream': {
      const next = document.edges.filter((edge) => edge.from === node).map((edge) => edge.to);
      return byHeight(document, next)[0];
    }
    case 'upstream': {
      const before = document.edges.filter((edge) => edge.to === node).map((edge) => edge.from);
      return byHeight(document, before)[0];
    }
    case 'above':
    case 'below': {
      const siblings = column(document, node);
      const step = direction === 'above' ? -1 : 1;
      const index = siblings.indexOf(node) + step;
      return index < 0 ? undefined : siblings[index];
    }
  }
}
