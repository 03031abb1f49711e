/**
 * Names an edge by what it binds: a parameter has at most one edge, so `to` and `parameter` identify it.
 */
import type { DagEdge } from '@stormglass/core';

/** `to` and parameter, joined by a character that neither alphabet has. */
export type EdgeKey = string;

export const edgeKey = (edge: Pick<DagEdge, 'to' | 'parameter'>): EdgeKey =>
  `${edge.to}:${edge.parameter}`;
