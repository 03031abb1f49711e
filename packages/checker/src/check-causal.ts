/**
 * Causal consistency of operations (correctness.md 6.4): CC, and CCv with one arbitration for
 * everybody, in the order of n · k for n operations and k sessions. Every session is taken as
 * promised causality, whatever its level.
 */
import { causalPast, type CausalPast } from './causal-past.ts';
import { cycleViolation } from './check-well-formed.ts';
import { isBelow, type Evidence } from './evidence.ts';
import type { RecordedHistory } from './history.ts';
import { graphOf, orderOf, type HistoryGraph } from './history-graph.ts';
import { indexHistory, type IndexedHistory, type Op } from './indexed-history.ts';
import { isDelete, Replacement } from './replacement.ts';
import { say, violation, type Violation } from './violation.ts';

export interface CausalVerdict {
  readonly cc: readonly Violation[];
  readonly ccv: readonly Violation[];
}

export function checkCausal(history: RecordedHistory): CausalVerdict {
  const evidence = wholeEvidence(history);
  if (!('order' in evidence)) return { cc: evidence.violations, ccv: evidence.violations };
  const { indexed, graph } = evidence;
  const thinAir = thinAirOf(indexed);
  if (thinAir.length > 0) return { cc: thinAir, ccv: thinAir };
  const { cc, conflicts } = readsAgainstPast(evidence);
  if (cc.length > 0) return { cc, ccv: cc };
  const arbitrated = orderOf(withEdges(graph, conflicts));
  if ('order' in arbitrated) return { cc, ccv: [] };
  const cycle = arbitrated.cycle.flatMap((vertex) => indexed.operations[vertex] ?? []);
  const sentence = `No order of the writes suits all reads: ${cycle.map(say).join(' → ')}`;
  return { cc, ccv: [violation('cyclic-conflict', sentence, cycle)] };
}

/** The order and the pasts with all edges; or what is wrong when operations precede themselves. */
export function wholeEvidence(
  history: RecordedHistory,
): Evidence | { readonly violations: readonly Violation[] } {
  const indexed = indexHistory(history, 'causal');
  const graph = graphOf(indexed);
  const result = orderOf(graph);
  if ('cycle' in result) {
    const cycle = result.cycle.flatMap((vertex) => indexed.operations[vertex] ?? []);
    return { violations: [cycleViolation(cycle)] };
  }
  const { order } = result;
  const past = causalPast(indexed, graph, order);
  return { indexed, graph, order, past, replacement: new Replacement(indexed, past) };
}

export function thinAirOf({ thinAir }: IndexedHistory): readonly Violation[] {
  return thinAir.map(({ read, value }) =>
    violation('thin-air', `${say(read)}, and nobody wrote ${value} to ${read.key}`, [read]),
  );
}

/** Whether it returned what was there before everything: nothing, or the initial value. */
export function isInitialRead({ operations }: IndexedHistory, { sources }: Op): boolean {
  const [source] = sources;
  return source === undefined || operations[source]?.session === -1;
}

/** The writes of one key in one chain, by their places in it. */
interface ChainWrites {
  readonly chain: number;
  readonly places: number[];
  readonly ids: number[];
}

/** Key → its writes by chain. The last one before a read stands for those before it. */
function writesByChain(
  { writesOfKey }: IndexedHistory,
  { chainOf, placeOf }: CausalPast,
): ReadonlyMap<string, readonly ChainWrites[]> {
  const found = new Map<string, ChainWrites[]>();
  for (const [key, writes] of writesOfKey) {
    const byChain = new Map<number, { place: number; id: number }[]>();
    for (const { id, isOut, session } of writes) {
      if (isOut || session < 0) continue;
      const chain = chainOf[id] ?? -1;
      const placed = byChain.get(chain);
      const one = { place: placeOf[id] ?? 0, id };
      if (placed === undefined) byChain.set(chain, [one]);
      else placed.push(one);
    }
    found.set(
      key,
      [...byChain].map(([chain, placed]) => {
        placed.sort((one, other) => one.place - other.place);
        const places = placed.map(({ place }) => place);
        return { chain, places, ids: placed.map(({ id }) => id) };
      }),
    );
  }
  return found;
}

/** The last write of the chain among its first `count` operations. */
function lastBefore({ places, ids }: ChainWrites, count: number): number | undefined {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((places[middle] ?? 0) < count) low = middle + 1;
    else high = middle;
  }
  return ids[low - 1];
}

interface Edge {
  readonly from: number;
  readonly to: number;
}

function readsAgainstPast(evidence: Evidence): { cc: Violation[]; conflicts: Edge[] } {
  const { indexed } = evidence;
  const chains = writesByChain(indexed, evidence.past);
  const cc: Violation[] = [];
  const conflicts: Edge[] = [];
  for (const read of indexed.operations) {
    const { operation } = read;
    if (operation.kind === 'write' || read.isOut || operation.values === undefined) continue;
    if (operation.isPick || operation.values.length === 0) {
      cc.push(...pickAgainstPast(evidence, read, { chains, conflicts }));
    } else {
      const left = (indexed.writesOfKey.get(read.key) ?? []).find(
        (write) => evidence.past.includes(read.id, write.id) && isBelow(evidence, read, write),
      );
      if (left !== undefined) cc.push(overwritten(read, left));
    }
  }
  return { cc, conflicts };
}

function overwritten(read: Op, write: Op): Violation {
  return violation('overwritten-read', `${say(read)}, and has ${say(write)} in its past`, [
    write,
    read,
  ]);
}

function pickAgainstPast(
  { indexed, past }: Evidence,
  read: Op,
  of: {
    readonly chains: ReadonlyMap<string, readonly ChainWrites[]>;
    readonly conflicts: Edge[];
  },
): readonly Violation[] {
  const { operations } = indexed;
  const isInitial = isInitialRead(indexed, read);
  const [source] = read.sources;
  if (isInitial && isHiddenByDelete({ indexed, past }, read)) return [];
  for (const writes of of.chains.get(read.key) ?? []) {
    const last = lastBefore(writes, past.count(read.id, writes.chain));
    const write = operations[last ?? -1];
    if (last === undefined || write === undefined || last === source) continue;
    if (isInitial || source === undefined) {
      return [
        violation('init-read', `${say(read)}, and has ${say(write)} in its past`, [write, read]),
      ];
    }
    if (past.includes(last, source)) return [overwritten(read, write)];
    of.conflicts.push({ from: last, to: source });
  }
  return [];
}

/** Nothing was returned because of a delete, and the record does not say which. */
function isHiddenByDelete(
  { indexed, past }: Pick<Evidence, 'indexed' | 'past'>,
  read: Op,
): boolean {
  const writes = (indexed.writesOfKey.get(read.key) ?? []).filter(({ isOut }) => !isOut);
  const known = writes.filter(({ id }) => past.includes(read.id, id));
  return writes.some(
    (one) =>
      isDelete(one) &&
      !past.includes(one.id, read.id) &&
      !known.some((write) => past.includes(write.id, one.id)),
  );
}

/** The same graph with more edges. */
function withEdges(graph: HistoryGraph, edges: readonly Edge[]): HistoryGraph {
  const { size, from, predecessors } = graph;
  const added = new Int32Array(size + 1);
  for (const { to } of edges) added[to + 1] = (added[to + 1] ?? 0) + 1;
  const newFrom = new Int32Array(size + 1);
  for (let vertex = 0; vertex < size; vertex += 1) {
    const count = (from[vertex + 1] ?? 0) - (from[vertex] ?? 0) + (added[vertex + 1] ?? 0);
    newFrom[vertex + 1] = (newFrom[vertex] ?? 0) + count;
  }
  const all = new Int32Array(predecessors.length + edges.length);
  const next = newFrom.slice();
  for (let vertex = 0; vertex < size; vertex += 1) {
    const part = predecessors.subarray(from[vertex] ?? 0, from[vertex + 1] ?? 0);
    all.set(part, newFrom[vertex] ?? 0);
    next[vertex] = (newFrom[vertex] ?? 0) + part.length;
  }
  for (const { from: before, to } of edges) {
    const at = next[to] ?? 0;
    all[at] = before;
    next[to] = at + 1;
  }
  return { ...graph, from: newFrom, predecessors: all };
}
