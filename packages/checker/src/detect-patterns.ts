/**
 * Anomalies by the names under which they are taught (correctness.md 6.8). Most are allowed at most
 * levels: they explain a history, and are no substitute for checking it.
 */
import { wholeEvidence } from './check-causal.ts';
import type { Evidence } from './evidence.ts';
import type { RecordedHistory } from './history.ts';
import { isBefore, type IndexedAttempt, type IndexedHistory, type Op } from './indexed-history.ts';
import { isInverted } from './check-stamps.ts';
import { canReplace } from './replacement.ts';
import { say, violation, type Violation } from './violation.ts';

export interface PatternOptions {
  /** More siblings than this in one read are reported. */
  readonly siblingsMax?: number | undefined;
}

const SIBLINGS_MAX = 8;

export function detectPatterns(
  history: RecordedHistory,
  { siblingsMax = SIBLINGS_MAX }: PatternOptions = {},
): readonly Violation[] {
  const evidence = wholeEvidence(history);
  if (!('order' in evidence)) return evidence.violations;
  const runs = evidence.indexed.attempts
    .filter(({ status }) => status !== 'abandoned')
    .map((attempt) => runOf(evidence.indexed, attempt));
  const found: Violation[] = [];
  for (const [index, one] of runs.entries()) {
    for (const other of runs.slice(index + 1)) {
      found.push(
        ...lostUpdates(evidence, one, other),
        ...writeSkew(evidence, one, other),
        ...longFork(evidence, one, other),
      );
    }
  }
  return [...found, ...clockInversions(evidence), ...siblingGrowth(evidence.indexed, siblingsMax)];
}

interface Run {
  /** Reads of what others wrote. */
  readonly reads: readonly Op[];
  /** Key → the last put or delete. */
  readonly writes: ReadonlyMap<string, Op>;
}

function runOf(indexed: IndexedHistory, { operations }: IndexedAttempt): Run {
  const writes = new Map<string, Op>();
  for (const op of operations) if (op.isWrite && canReplace(op)) writes.set(op.key, op);
  const reads = operations.filter(
    (read) =>
      !read.isWrite &&
      !operations.some(
        (write) => write.isWrite && write.key === read.key && isBefore(indexed, write, read),
      ),
  );
  return { reads, writes };
}

/** Both read one version of a key and wrote it, and only one of the writes is left. */
function lostUpdates(evidence: Evidence, one: Run, other: Run): readonly Violation[] {
  const found: Violation[] = [];
  for (const [key, first] of one.writes) {
    const second = other.writes.get(key);
    const read = one.reads.find((op) => op.key === key);
    const same = other.reads.find((op) => op.key === key);
    if (second === undefined || read === undefined || same === undefined) continue;
    if (!isSameSet(read.sources, same.sources)) continue;
    for (const [lost, kept] of [
      [first, second],
      [second, first],
    ] as const) {
      if (!isGoneFor(evidence, lost, kept)) continue;
      const sentence = `${say(lost)} and ${say(kept)} replaced one version, and only the second is left`;
      found.push(violation('lost-update', sentence, [lost, kept]));
    }
  }
  return found;
}

function isSameSet(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((id) => other.includes(id));
}

/** Somewhere `kept`, or what replaced it, stands without `lost`, which nobody has seen. */
function isGoneFor({ indexed, past }: Evidence, lost: Op, kept: Op): boolean {
  const stands = (sources: readonly number[]): boolean =>
    sources.some((id) => id === kept.id || past.includes(id, kept.id)) &&
    !sources.some((id) => id === lost.id || past.includes(id, lost.id));
  const atRest = indexed.history.atRest.flatMap(({ held }) =>
    held.filter(({ key, isPick }) => key === lost.key && !isPick),
  );
  if (atRest.length > 0) {
    return atRest.some(({ values = [] }) =>
      stands(values.flatMap((value) => indexed.writeOfValue.get(value)?.id ?? [])),
    );
  }
  return indexed.operations.some(
    (read) =>
      !read.isWrite &&
      read.key === lost.key &&
      read.isComplete &&
      past.includes(read.id, lost.id) &&
      stands(read.sources),
  );
}

/** Each read a key that the other wrote, and neither saw the other. */
function writeSkew(evidence: Evidence, one: Run, other: Run): readonly Violation[] {
  for (const key of one.writes.keys()) if (other.writes.has(key)) return [];
  const first = missedBy(evidence, one, other);
  const second = missedBy(evidence, other, one);
  if (first === undefined || second === undefined) return [];
  const sentence = `${say(first.read)} without ${say(first.write)}, and ${say(second.read)} without ${say(second.write)}`;
  return [violation('write-skew', sentence, [first.read, first.write, second.read, second.write])];
}

/** A read of a key that the other run wrote, from before that write. */
function missedBy({ past }: Evidence, reader: Run, writer: Run) {
  for (const read of reader.reads) {
    const write = writer.writes.get(read.key);
    if (write === undefined || past.includes(read.id, write.id)) continue;
    if (read.sources.every((id) => !past.includes(id, write.id))) return { read, write };
  }
  return undefined;
}

/** Each saw one of two independent writes and not the other. */
function longFork({ indexed, past }: Evidence, one: Run, other: Run): readonly Violation[] {
  const lacks = (run: Run, write: Op): boolean =>
    run.reads.some(
      ({ key, sources }) =>
        key === write.key &&
        !sources.some((id) => id === write.id || past.includes(id, write.id)) &&
        sources.every(
          (id) => past.includes(write.id, id) || indexed.operations[id]?.session === -1,
        ),
    );
  const seen = (run: Run): readonly Op[] =>
    run.reads.flatMap(({ sources }) => sources).flatMap((id) => indexed.operations[id] ?? []);
  for (const first of seen(one)) {
    if (!lacks(other, first)) continue;
    for (const second of seen(other)) {
      if (second.key === first.key || !lacks(one, second)) continue;
      if (past.includes(first.id, second.id) || past.includes(second.id, first.id)) continue;
      const sentence = `One run saw ${say(first)} without ${say(second)}, another the reverse`;
      return [violation('long-fork', sentence, [first, second])];
    }
  }
  return [];
}

/** A write that knew of another of its key, and has a smaller stamp. */
function clockInversions({ indexed, past }: Evidence): readonly Violation[] {
  const found: Violation[] = [];
  for (const writes of indexed.writesOfKey.values()) {
    for (const later of writes) {
      for (const earlier of writes) {
        if (!past.includes(later.id, earlier.id) || !isInverted(earlier, later)) continue;
        const sentence = `${say(later)} knew of ${say(earlier)} and has a smaller stamp`;
        found.push(violation('clock-inversion', sentence, [earlier, later]));
      }
    }
  }
  return found;
}

function siblingGrowth({ operations }: IndexedHistory, siblingsMax: number): readonly Violation[] {
  return operations
    .filter(({ sources }) => sources.length > siblingsMax)
    .map((read) =>
      violation('sibling-growth', `${read.sources.length} siblings: ${say(read)}`, [read]),
    );
}
