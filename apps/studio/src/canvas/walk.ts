/**
 * Walking the graph with the arrow keys: along edges, not along pixels, where there are edges.
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

const isAlone = (document: DagDocument, node: NodeId): boolean =>
  document.edges.every(({ from, to }) => from !== node && to !== node);

/** What is not connected yet is reached by its place: the nearest one on that side. */
function beside(document: DagDocument, node: NodeId, side: 1 | -1): NodeId | undefined {
  const here = document.places.get(node) ?? { x: 0, y: 0 };
  const distances = document.nodes.flatMap(({ id }) => {
    const place = document.places.get(id) ?? { x: 0, y: 0 };
    const isThere = (place.x - here.x) * side > 0;
    const isAbout = isAlone(document, node) || isAlone(document, id);
    return isThere && isAbout ? [{ id, to: Math.hypot(place.x - here.x, place.y - here.y) }] : [];
  });
  return distances.toSorted((a, b) => a.to - b.to)[0]?.id;
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
      return byHeight(document, next)[0] ?? beside(document, node, 1);
    }
    case 'upstream': {
      const before = document.edges.filter((edge) => edge.to === node).map((edge) => edge.from);
      return byHeight(document, before)[0] ?? beside(document, node, -1);
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
