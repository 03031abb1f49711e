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

interface Corner {
  readonly id: NodeId;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

const areApart = (a: Corner, b: Corner): boolean =>
  Math.abs(a.x - b.x) >= NODE_WIDTH ||
  a.y >= b.y + b.height + NODE_GAP ||
  b.y >= a.y + a.height + NODE_GAP;

/**
 * Dagre levels middles: a chain of boxes of different heights goes up and down. Where a node has one
 * way in from a node with one way out, its top is brought level, if nothing is in the way there.
 */
function levelChains(corners: readonly Corner[], edges: readonly DagEdge[]): readonly Corner[] {
  const placed = new Map(corners.map((corner) => [corner.id, corner]));
  for (const corner of corners.toSorted((a, b) => a.x - b.x)) {
    const [only, ...more] = edges.filter(({ to }) => to === corner.id);
    const from = only === undefined ? undefined : placed.get(only.from);
    if (from === undefined || more.length > 0) continue;
    if (edges.filter((edge) => edge.from === from.id).length > 1) continue;
    const level = { ...corner, y: from.y };
    const others = [...placed.values()].filter(({ id }) => id !== corner.id);
    if (others.every((other) => areApart(level, other))) placed.set(corner.id, level);
  }
  return [...placed.values()];
}

const onGrid = (value: number): number => Math.round(value / GRID) * GRID;

/** The top left corner of the whole is at 0, 0. */
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
  const drawn = nodes.map(({ id, height }) => {
    const middle = graph.node(inner(id));
    return { id, height, x: (middle.x ?? 0) - NODE_WIDTH / 2, y: (middle.y ?? 0) - height / 2 };
  });
  const corners = levelChains(drawn, edges);
  const left = Math.min(...corners.map(({ x }) => x));
  const top = Math.min(...corners.map(({ y }) => y));
  return corners.map(({ id, x, y }) => [id, { x: onGrid(x - left), y: onGrid(y - top) }]);
}
