/**
 * What functions can still read once a result has gone along an edge (protocols.md 2.8): known where
 * no function behind the edge is given `cloud`, because then it reads what its arguments name.
 */
import type { Key, NodeId } from '../ids.ts';
import type { DagShape } from './dag-shape.ts';

export interface ReadingNodes {
  /** The keys that the node's arguments name; `undefined` where its function may read any key. */
  readonly keysOf: (node: NodeId) => Iterable<Key> | undefined;
  /** Whether to count as well what branches read that meet those behind the edge. */
  readonly withBranches: boolean;
}

/** @returns `undefined` when it can be any key */
export function keysReadAfter(
  dag: Pick<DagShape, 'edges'>,
  { from, to }: { readonly from: NodeId; readonly to: NodeId },
  { keysOf, withBranches }: ReadingNodes,
): ReadonlySet<Key> | undefined {
  const readers = reachedFrom([to], dag.edges, 'to');
  if (withBranches) {
    const before = reachedFrom([from], dag.edges, 'from');
    for (const node of reachedFrom(readers, dag.edges, 'from')) {
      if (!before.has(node)) readers.add(node);
    }
  }
  const keys = new Set<Key>();
  for (const node of readers) {
    const named = keysOf(node);
    if (named === undefined) return undefined;
    for (const key of named) keys.add(key);
  }
  return keys;
}

/** These nodes, and those that edges lead to, or come from. */
function reachedFrom(
  nodes: Iterable<NodeId>,
  edges: DagShape['edges'],
  end: 'from' | 'to',
): Set<NodeId> {
  const start = end === 'to' ? 'from' : 'to';
  const reached = new Set(nodes);
  for (const node of reached) {
    for (const edge of edges) if (edge[start] === node) reached.add(edge[end]);
  }
  return reached;
}
