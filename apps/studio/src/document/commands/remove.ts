/**
 * Deleting nodes and edges.
 */
import type { NodeId } from '@stormglass/core';
import type { DagDocument } from '../document.ts';
import { edgeKey } from '../edge-key.ts';
import type { EdgeKey } from '../edge-key.ts';

export interface Remove {
  readonly type: 'remove';
  readonly nodes: readonly NodeId[];
  readonly edges: readonly EdgeKey[];
}

/** Takes nodes away together with every edge at them, and the edges named. */
export function remove(document: DagDocument, command: Remove): DagDocument {
  const nodes = new Set(command.nodes.filter((id) => document.places.has(id)));
  const keys = new Set(command.edges);
  const edges = document.edges.filter(
    (edge) => !nodes.has(edge.from) && !nodes.has(edge.to) && !keys.has(edgeKey(edge)),
  );
  if (nodes.size === 0 && edges.length === document.edges.length) return document;
  return {
    ...document,
    nodes: document.nodes.filter((node) => !nodes.has(node.id)),
    edges,
    places: new Map([...document.places].filter(([id]) => !nodes.has(id))),
  };
}
