/**
 * Renaming a node.
 */
import type { NodeId } from '@stormglass/core';
import type { DagDocument } from '../document.ts';

export interface RenameNode {
  readonly type: 'rename-node';
  readonly from: NodeId;
  readonly to: NodeId;
}

/** Gives a node another id, in its edges and place too. A name that is taken changes nothing. */
export function renameNode(document: DagDocument, { from, to }: RenameNode): DagDocument {
  if (from === to || !document.places.has(from) || document.places.has(to)) return document;
  const named = (id: NodeId) => (id === from ? to : id);
  return {
    ...document,
    nodes: document.nodes.map((node) => (node.id === from ? { ...node, id: to } : node)),
    edges: document.edges.map((edge) =>
      edge.from === from || edge.to === from
        ? { ...edge, from: named(edge.from), to: named(edge.to) }
        : edge,
    ),
    places: new Map([...document.places].map(([id, place]) => [named(id), place])),
  };
}
