/**
 * Places for a whole DAG, left to right, on the grid: what the Tidy command and a DAG without places use.
 */
import { Graph, layout } from '@dagrejs/dagre';
import type { DagEdge, NodeId, NodePlace } from '@stormglass/core';
import { GRID, NODE_WIDTH } from '../node-geometry.ts';

export interface LayoutRequest {
  readonly nodes: readonly { readonly id: NodeId; readonly height: number }[];
  readonly edges: readonly DagEdge[];
}

const RANK_GAP = 56;
const NODE_GAP = 40;

const onGrid = (value: number): number => Math.round(value / GRID) * GRID;

/** The top left corner of the whole is at 0, 0. Nodes in a row keep their first ports level. */
export function tidyLayout({
  nodes,
  edges,
}: LayoutRequest): readonly (readonly [NodeId, NodePlace])[] {
  if (nodes.length === 0) return [];
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', ranksep: RANK_GAP, nodesep: NODE_GAP });
  graph.setDefaultEdgeLabel(() => ({}));
  // Dagre keeps its nodes in a plain object: a prefix keeps ids such as `__proto__` out of its way.
  const inner = (id: NodeId) => `n:${id}`;
  for (const { id, height } of nodes) graph.setNode(inner(id), { width: NODE_WIDTH, height });
  for (const edge of edges) graph.setEdge(inner(edge.from), inner(edge.to), {}, edge.parameter);
  layout(graph);
  const corners = nodes.map(({ id, height }) => {
    const middle = graph.node(inner(id));
    return { id, x: (middle.x ?? 0) - NODE_WIDTH / 2, y: (middle.y ?? 0) - height / 2 };
  });
  const left = Math.min(...corners.map(({ x }) => x));
  const top = Math.min(...corners.map(({ y }) => y));
  return corners.map(({ id, x, y }) => [id, { x: onGrid(x - left), y: onGrid(y - top) }]);
}
