/**
 * The shape of a DAG, apart from its name and options: orders, ends, and the edges of a node.
 */
import { assert } from '../assert.ts';
import type { NodeId } from '../ids.ts';
import type { Dag, DagEdge } from './dag.ts';

/** Enough of a DAG to ask about its shape; a draft that is not registered yet will do. */
export type DagShape = Pick<Dag, 'nodes' | 'edges'>;

export const incomingEdges = (dag: DagShape, node: NodeId): readonly DagEdge[] =>
  dag.edges.filter((edge) => edge.to === node);

export const outgoingEdges = (dag: DagShape, node: NodeId): readonly DagEdge[] =>
  dag.edges.filter((edge) => edge.from === node);

/** The nodes that wait for nothing, in the order of the DAG. */
export function sourcesOf(dag: DagShape): readonly NodeId[] {
  const targets = new Set(dag.edges.map((edge) => edge.to));
  return dag.nodes.map((node) => node.id).filter((id) => !targets.has(id));
}

/** The nodes that nothing waits for, in the order of the DAG. */
export function sinksOf(dag: DagShape): readonly NodeId[] {
  const origins = new Set(dag.edges.map((edge) => edge.from));
  return dag.nodes.map((node) => node.id).filter((id) => !origins.has(id));
}

/** Every node after the nodes it waits for. The DAG must be acyclic: `validateDag` says whether it is. */
export function topologicalOrder(dag: DagShape): readonly NodeId[] {
  const { order, blocked } = peel(dag);
  assert(blocked.size === 0, `no order: ${[...blocked].join(', ')} wait for a cycle`);
  return order;
}

/**
 * Takes away what waits for nothing until nothing more can be taken.
 * @returns the nodes in the order taken, and the blocked rest: every node of a cycle and all that
 *   wait for one
 */
export function peel(dag: DagShape): {
  readonly order: readonly NodeId[];
  readonly blocked: ReadonlySet<NodeId>;
} {
  const blocked = new Set(dag.nodes.map((node) => node.id));
  const waitsFor = new Map<NodeId, number>();
  const targets = new Map<NodeId, NodeId[]>();
  for (const { from, to } of dag.edges) {
    if (!blocked.has(from) || !blocked.has(to)) continue;
    waitsFor.set(to, (waitsFor.get(to) ?? 0) + 1);
    targets.set(from, [...(targets.get(from) ?? []), to]);
  }
  const order = [...blocked].filter((id) => !waitsFor.has(id));
  for (const id of order) {
    blocked.delete(id);
    for (const target of targets.get(id) ?? []) {
      const remaining = (waitsFor.get(target) ?? 0) - 1;
      waitsFor.set(target, remaining);
      if (remaining === 0) order.push(target);
    }
  }
  return { order, blocked };
}
