/**
 * Which connections the studio refuses, and the sentence that says why. The server holds the same rule.
 */
import type { DagEdge, NodeId } from '@stormglass/core';
import type { DagDocument } from '../document/document.ts';

export interface Refusal {
  readonly reason: string;
  /** Nodes along the path that the edge would close into a loop, or none. */
  readonly path: readonly NodeId[];
}

/** The shortest way from one node to another along edges, both included. */
function pathBetween(document: DagDocument, from: NodeId, to: NodeId): readonly NodeId[] | undefined {
  const reachedFrom = new Map<NodeId, NodeId | undefined>([[from, undefined]]);
  const queue = [from];
  for (const node of queue) {
    if (node === to) {
      const path: NodeId[] = [];
      for (let at: NodeId | undefined = node; at !== undefined; at = reachedFrom.get(at)) path.push(at);
      return path.toReversed();
    }
    for (const edge of document.edges) {
      if (edge.from !== node || reachedFrom.has(edge.to)) continue;
      reachedFrom.set(edge.to, node);
      queue.push(edge.to);
    }
  }
  return undefined;
}

export function refusalOf(document: DagDocument, edge: DagEdge): Refusal | undefined {
  if (edge.from === edge.to) return { reason: 'A function cannot wait for itself.', path: [] };
  const bound = document.edges.find(
    (other) => other.to === edge.to && other.parameter === edge.parameter,
  );
  if (bound?.from === edge.from) return { reason: 'Already connected.', path: [] };
  if (bound !== undefined) {
    return {
      reason: `${edge.parameter} of ${edge.to} already comes from ${bound.from}.`,
      path: [],
    };
  }
  const path = pathBetween(document, edge.to, edge.from);
  if (path === undefined) return undefined;
  return { reason: `This would close a loop: ${[edge.from, ...path].join(' → ')}.`, path };
}
