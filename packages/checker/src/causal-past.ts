/**
 * Who is in whose causal past: a vector clock for every vertex of a history graph, counted over
 * chains. A chain is a session, or several in a row, so that the clocks stay short.
 */
import type { HistoryGraph } from './history-graph.ts';
import type { IndexedHistory, Op } from './indexed-history.ts';

export interface CausalPast {
  /** Whether the operation `before` is in the causal past of `op`, which is not in its own. */
  includes(op: number, before: number): boolean;
  readonly chains: number;
  /** Operation → its chain; -1 when it has no place in any order. */
  readonly chainOf: Int32Array;
  /** Operation → its place in its chain. */
  readonly placeOf: Int32Array;
  /** How many operations of a chain are in the past of a vertex. */
  count(vertex: number, chain: number): number;
}

/** `order` has every vertex after its predecessors. */
export function causalPast(
  indexed: IndexedHistory,
  graph: HistoryGraph,
  order: Int32Array,
): CausalPast {
  const { chainOf, placeOf, chains } = chainsOf(indexed, graph, order);
  const { from, predecessors, size } = graph;
  const operations = indexed.operations.length;
  const past = new Int32Array(size * chains);
  for (const vertex of order) {
    const base = vertex * chains;
    const end = from[vertex + 1] ?? 0;
    for (let at = from[vertex] ?? 0; at < end; at += 1) {
      const before = predecessors[at] ?? 0;
      const other = before * chains;
      for (let chain = 0; chain < chains; chain += 1) {
        const count = past[other + chain] ?? 0;
        if (count > (past[base + chain] ?? 0)) past[base + chain] = count;
      }
      if (before < operations) {
        const slot = base + (chainOf[before] ?? 0);
        const reached = (placeOf[before] ?? 0) + 1;
        if (reached > (past[slot] ?? 0)) past[slot] = reached;
      }
    }
  }
  const count = (vertex: number, chain: number): number => past[vertex * chains + chain] ?? 0;
  return {
    chains,
    chainOf,
    placeOf,
    count,
    includes: (op, before) => {
      const chain = chainOf[before] ?? -1;
      return chain >= 0 && count(op, chain) > (placeOf[before] ?? 0);
    },
  };
}

interface Chains {
  readonly chainOf: Int32Array;
  readonly placeOf: Int32Array;
  readonly chains: number;
}

/**
 * A vertex goes on in the chain of a direct predecessor along which nobody has gone on yet. Chains
 * pass through the begins and ends of executions, which have no place in them.
 */
function chainsOf({ operations }: IndexedHistory, graph: HistoryGraph, order: Int32Array): Chains {
  const { from, predecessors, size } = graph;
  const chainOf = new Int32Array(size).fill(-1);
  const placeOf = new Int32Array(size);
  const isTail = new Uint8Array(size);
  /** Chain → how many operations it has. */
  const lengths: number[] = [];
  for (const vertex of order) {
    const op = operations[vertex];
    if (op?.isOut === true) continue;
    let chain = -1;
    const end = from[vertex + 1] ?? 0;
    for (let at = from[vertex] ?? 0; at < end && chain < 0; at += 1) {
      const before = predecessors[at] ?? 0;
      if (isTail[before] === 0 || isReadFrom(operations[before], op)) continue;
      isTail[before] = 0;
      chain = chainOf[before] ?? -1;
    }
    if (op === undefined) {
      chainOf[vertex] = chain;
      isTail[vertex] = chain < 0 ? 0 : 1;
      continue;
    }
    if (chain < 0) chain = lengths.push(0) - 1;
    const length = lengths[chain] ?? 0;
    chainOf[vertex] = chain;
    placeOf[vertex] = length;
    isTail[vertex] = 1;
    lengths[chain] = length + 1;
  }
  return { chainOf, placeOf, chains: lengths.length };
}

/** Going on along read-from would leave the rest of the writer's session without its chain. */
function isReadFrom(before: Op | undefined, op: Op | undefined): boolean {
  return before !== undefined && op !== undefined && before.session !== op.session;
}
