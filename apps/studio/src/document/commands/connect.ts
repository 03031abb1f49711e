/**
 * Connecting a result to a parameter.
 */
import type { DagEdge } from '@stormglass/core';
import type { DagDocument } from '../document.ts';
import { edgeKey } from '../edge-key.ts';

export interface Connect {
  readonly type: 'connect';
  readonly edge: DagEdge;
}

/** Binds a parameter to a result. A parameter that is bound changes nothing: the rule refuses it before. */
export function connect(document: DagDocument, { edge }: Connect): DagDocument {
  const key = edgeKey(edge);
  if (document.edges.some((other) => edgeKey(other) === key)) return document;
  if (!document.places.has(edge.from) || !document.places.has(edge.to)) return document;
  return { ...document, edges: [...document.edges, edge] };
}
