/**
 * What every check of a history starts from: the index, the order of all operations, who is in
 * whose causal past as far as the levels promise it, and which write replaces which.
 */
import { causalPast, type CausalPast } from './causal-past.ts';
import type { Level, RecordedHistory } from './history.ts';
import { graphOf, orderOf, type HistoryGraph, type Tracking } from './history-graph.ts';
import { indexHistory, type IndexedHistory, type Op } from './indexed-history.ts';
import { isDelete, Replacement } from './replacement.ts';

export interface Evidence {
  readonly indexed: IndexedHistory;
  readonly graph: HistoryGraph;
  readonly order: Int32Array;
  readonly past: CausalPast;
  readonly replacement: Replacement;
}

const trackings: Readonly<Record<Level, Tracking>> = {
  lww: 'key',
  'repeatable-read': 'key',
  'single-key-causal': 'key',
  'multi-key-causal': 'execution',
  causal: 'session',
  'causal-cut': 'session',
};

/** Operations that precede themselves come back instead, as a cycle. */
export function evidenceOf(
  history: RecordedHistory,
  as?: Level,
): Evidence | { readonly indexed: IndexedHistory; readonly cycle: readonly Op[] } {
  const indexed = indexHistory(history, as);
  const whole = graphOf(indexed);
  const result = orderOf(whole);
  if ('cycle' in result) {
    const cycle = result.cycle.flatMap((vertex) => indexed.operations[vertex] ?? []);
    return { indexed, cycle };
  }
  const { order } = result;
  const levelOf = (id: string): Level => as ?? indexed.invocations.get(id)?.level ?? 'lww';
  const isWhole =
    indexed.sessions.every(({ level }) => trackings[level] === 'session') &&
    indexed.invocations.keys().every((id) => trackings[levelOf(id)] === 'session');
  const graph = isWhole
    ? whole
    : graphOf(
        indexed,
        (session) => trackings[indexed.sessions[session]?.level ?? 'lww'],
        (id) => trackings[levelOf(id)],
      );
  const past = causalPast(indexed, graph, order);
  return { indexed, graph, order, past, replacement: new Replacement(indexed, past) };
}

/** Whether what `read` returned leaves `write`, of the same key, out without anything in its place. */
export function isBelow({ indexed, replacement }: Evidence, read: Op, write: Op): boolean {
  if (read.operation.kind === 'write' || read.operation.values === undefined) return false;
  const { sources, isComplete, attempt } = read;
  const isExact = read.operation.version !== undefined;
  return leavesOut({ indexed, replacement }, { sources, isComplete, isExact, attempt }, write);
}

/** Values of one key that stand somewhere. */
export interface Standing {
  /** Ids of writes. */
  readonly sources: readonly number[];
  /** Nothing else stands beside them, but for tombstones. */
  readonly isComplete: boolean;
  /** Tombstones would be among the sources. */
  readonly isExact: boolean;
  /** The attempt that sees it: its own writes count, whatever became of it. */
  readonly attempt: number;
}

export function leavesOut(
  { indexed, replacement }: Pick<Evidence, 'indexed' | 'replacement'>,
  { sources, isComplete, isExact, attempt }: Standing,
  write: Op,
): boolean {
  if (sources.includes(write.id)) return false;
  const shown = sources.flatMap((id) => indexed.operations[id] ?? []);
  if (shown.some((one) => replacement.replaces(write, one))) return true;
  if (!isComplete || shown.some((one) => replacement.mayReplace(one, write))) return false;
  if (isExact) return true;
  const replaced = replacedBy({ indexed, replacement }, shown, write.key);
  if (replaced.some((one) => replacement.mayReplace(one, write))) return false;
  // A tombstone may stand beside the values without being seen.
  if (isDelete(write)) return false;
  const tombstones = (indexed.writesOfKey.get(write.key) ?? []).filter(
    (one) => isDelete(one) && (one.status !== 'failed' || one.attempt === attempt),
  );
  return !tombstones.some((one) => replacement.mayReplace(one, write));
}

/** The writes that these have certainly replaced, and those that those have. */
function replacedBy(
  { indexed, replacement }: Pick<Evidence, 'indexed' | 'replacement'>,
  shown: readonly Op[],
  key: string,
): readonly Op[] {
  const writes = (indexed.writesOfKey.get(key) ?? []).filter((write) => !write.isOut);
  const replaced = new Set<Op>();
  const reached = [...shown];
  for (let later = reached.pop(); later !== undefined; later = reached.pop()) {
    for (const earlier of writes) {
      if (replaced.has(earlier) || !replacement.replaces(later, earlier)) continue;
      replaced.add(earlier);
      reached.push(earlier);
    }
  }
  return [...replaced];
}
