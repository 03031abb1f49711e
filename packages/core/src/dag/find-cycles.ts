/**
 * The cycles that keep a graph from being a DAG, and the path that an edge would close.
 */
import { must } from '../assert.ts';
import type { NodeId } from '../ids.ts';
import { type DagShape, peel } from './dag-shape.ts';

/**
 * Cycles without a common node, at least one when there is any. Each lists its nodes in the order
 * of the edges and begins with the one that comes first in the DAG; a self edge is a cycle of one.
 */
export function findCycles(dag: DagShape): readonly (readonly NodeId[])[] {
  const cycles: (readonly NodeId[])[] = [];
  let rest = dag;
  for (;;) {
    const { blocked } = peel(rest);
    if (blocked.size === 0) return cycles;
    const cycle = cycleAmong(rest, blocked);
    cycles.push(cycle);
    rest = { nodes: rest.nodes.filter(({ id }) => !cycle.includes(id)), edges: rest.edges };
  }
}

/** Walks backwards: a blocked node waits for a blocked node, so the walk must come back to where it was. */
function cycleAmong(dag: DagShape, blocked: ReadonlySet<NodeId>): readonly NodeId[] {
  const cause = new Map<NodeId, NodeId>();
  for (const { from, to } of dag.edges) {
    if (blocked.has(from) && blocked.has(to) && !cause.has(to)) cause.set(to, from);
  }
  const walk: NodeId[] = [];
  const visited = new Set<NodeId>();
  let at = must(
    dag.nodes.find(({ id }) => blocked.has(id)),
    'a blocked node',
  ).id;
  while (!visited.has(at)) {
    visited.add(at);
    walk.push(at);
    at = must(cause.get(at), `what ${at} waits for`);
  }
  return fromEarliest(dag, walk.slice(walk.indexOf(at)).toReversed());
}

function fromEarliest(dag: DagShape, cycle: readonly NodeId[]): readonly NodeId[] {
  const first = must(
    dag.nodes.find(({ id }) => cycle.includes(id)),
    'a node of the cycle',
  ).id;
  const at = cycle.indexOf(first);
  return [...cycle.slice(at), ...cycle.slice(0, at)];
}

/** A shortest path along the edges, both ends included; `undefined` when there is none. */
export function findPath(dag: DagShape, from: NodeId, to: NodeId): readonly NodeId[] | undefined {
  const cameFrom = new Map<NodeId, NodeId | undefined>([[from, undefined]]);
  const queue = [from];
  for (const at of queue) {
    if (at === to) break;
    for (const edge of dag.edges) {
      if (edge.from !== at || cameFrom.has(edge.to)) continue;
      cameFrom.set(edge.to, at);
      queue.push(edge.to);
    }
  }
  if (!cameFrom.has(to)) return undefined;
  const path: NodeId[] = [];
  for (let at: NodeId | undefined = to; at !== undefined; at = cameFrom.get(at)) path.unshift(at);
  return path;
}
