/**
 * Counts, off-line, the executions of a recorded run that each level would have forbidden
 * (protocols.md 4.1, E6; definitions of correctness.md 6.3 and 6.7). Knows versions and
 * happens-before, and nothing of levels, caches' contents or sessions.
 */
import { must, type InvocationId, type Key, type NodeId } from '@stormglass/core';
import { GroundTruth } from './ground-truth.ts';
import type { RecordedExecution, RecordedRead, RecordedRun } from './recorded-run.ts';
import type { WriteSet } from './write-set.ts';

export const anomalyKinds = [
  /** Its commit met a concurrent version of the key, and only one of the two remained. */
  'single-key',
  /** One cache served it a version, and later one that is behind what the first depends on. */
  'one-cache',
  /** As `one-cache`, from any caches, the first in the same function or one upstream. */
  'session',
  /** The versions that it read are no causal cut, in whatever order they were read. */
  'read-set',
  /** It read one key in two versions. */
  'repeatable-read',
] as const;

export type AnomalyKind = (typeof anomalyKinds)[number];

/** Kind → the executions that have it. */
export type Anomalies = ReadonlyMap<AnomalyKind, ReadonlySet<InvocationId>>;

/**
 * When a version is behind a requirement. `older`: a single required write happened after all that
 * the version includes, the form for registers that keep one value and the published one. `strict`:
 * a required write is missing, concurrent ones too, the form for registers that keep siblings.
 */
export type Behind = 'older' | 'strict';

export function countAnomalies(run: RecordedRun, behind: Behind): Anomalies {
  const truth = new GroundTruth(run);
  const found = new Map(anomalyKinds.map((kind) => [kind, new Set<InvocationId>()]));
  const note = (kind: AnomalyKind, invocation: InvocationId): void => {
    must(found.get(kind), 'every kind').add(invocation);
  };
  const held = new Map<Key, number>();
  for (const merge of run.merges) {
    if (truth.lostIn(merge, held).length > 0) note('single-key', merge.invocation);
  }
  const check = new ExecutionCheck(truth, behind);
  for (const execution of run.executions) {
    const { invocation } = execution.plan;
    if (check.oneCache(execution)) note('one-cache', invocation);
    if (check.session(execution)) note('session', invocation);
    if (check.readSet(execution)) note('read-set', invocation);
    if (check.repeats(execution)) note('repeatable-read', invocation);
  }
  return found;
}

/** Executions that read a version which had replaced a concurrent one that is lost. */
export function readersOfLossy(run: RecordedRun): number {
  const truth = new GroundTruth(run);
  const held = new Map<Key, number>();
  const lossy = new Set<number>();
  for (const merge of run.merges) {
    if (truth.lostIn(merge, held).length > 0 && merge.isNewest) {
      lossy.add(truth.numberOf(merge.invocation));
    }
  }
  return run.executions.filter(({ reads }) =>
    reads.some((read) => truth.visibleIn(read).some((write) => lossy.has(write))),
  ).length;
}

class ExecutionCheck {
  readonly #truth: GroundTruth;
  readonly #behind: Behind;

  constructor(truth: GroundTruth, behind: Behind) {
    this.#truth = truth;
    this.#behind = behind;
  }

  oneCache({ reads }: RecordedExecution): boolean {
    return this.#isOutOfOrder(reads, (earlier, later) => earlier.cache === later.cache);
  }

  session({ reads, plan }: RecordedExecution): boolean {
    const upstream = ancestorsIn(plan.dag.edges);
    return this.#isOutOfOrder(
      reads,
      (earlier, later) => earlier.node === later.node || upstream(later.node).has(earlier.node),
    );
  }

  /** One version of each key: the join of those that were read. */
  readSet({ reads }: RecordedExecution): boolean {
    const required = this.#truth.emptySet();
    const visible = new Map<Key, number[]>();
    for (const read of reads) {
      required.addAll(this.#truth.knownTo(read));
      const seen = visible.get(read.key) ?? [];
      visible.set(read.key, [...seen, ...this.#truth.visibleIn(read)]);
    }
    return [...visible].some(([key, seen]) => this.#isBehind(key, seen, required));
  }

  repeats({ reads }: RecordedExecution): boolean {
    const first = new Map<Key, string>();
    return reads.some((read) => {
      const version = this.#truth.visibleIn(read).join(' ');
      const before = first.get(read.key) ?? version;
      first.set(read.key, before);
      return before !== version;
    });
  }

  #isOutOfOrder(
    reads: readonly RecordedRead[],
    binds: (earlier: RecordedRead, later: RecordedRead) => boolean,
  ): boolean {
    return reads.some((later, index) => {
      const required = this.#truth.emptySet();
      for (const earlier of reads.slice(0, index)) {
        if (binds(earlier, later)) required.addAll(this.#truth.knownTo(earlier));
      }
      return this.#isBehind(later.key, this.#truth.visibleIn(later), required);
    });
  }

  #isBehind(key: Key, visible: readonly number[], required: WriteSet): boolean {
    const known = this.#truth.closureOf(visible);
    return this.#truth.writesOf(key).some((write) => {
      if (!required.has(write) || known.has(write)) return false;
      if (this.#behind === 'strict') return true;
      const past = this.#truth.pastOf(write);
      return visible.every((seen) => past.has(seen));
    });
  }
}

/** Node → every node that finished before it started. */
function ancestorsIn(
  edges: readonly { readonly from: NodeId; readonly to: NodeId }[],
): (node: NodeId) => ReadonlySet<NodeId> {
  return (node) => {
    const found = new Set<NodeId>([node]);
    for (const reached of found) {
      for (const { from, to } of edges) if (to === reached) found.add(from);
    }
    found.delete(node);
    return found;
  };
}
