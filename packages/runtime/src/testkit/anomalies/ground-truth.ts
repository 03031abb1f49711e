/**
 * What happened before what in a recorded run: the causal past of every write, from which version
 * every read returned and from the order of functions in their DAGs. One execution is one session;
 * executions are ordered by what they read of each other and by nothing else, because no client
 * carries a session on. Nothing here asks the implementation what depends on what: of its clocks
 * only the identity of versions is used, and of last-writer-wins versions not even that.
 */
import { assert, must, type InvocationId, type Key, type VersionVector } from '@stormglass/core';
import type { RecordedMerge, RecordedRead, RecordedRun } from './recorded-run.ts';
import { WriteSet } from './write-set.ts';

/** The write of one execution; executions and writes have the same numbers. */
interface Write {
  readonly key: Key;
  readonly value: string;
  readonly clock: readonly (readonly [string, number])[];
}

/** Whose versions count as `lww` and nothing else is a register of the last writer. */
const isLastWriterWins = (version: VersionVector): boolean =>
  Object.keys(version).every((writer) => writer === 'lww');

const covers = (version: VersionVector, clock: Write['clock']): boolean =>
  clock.every(([writer, count]) => (version[writer] ?? 0) >= count);

export class GroundTruth {
  readonly #writes: readonly Write[];
  readonly #numbers: ReadonlyMap<InvocationId, number>;
  readonly #ofKey = new Map<Key, number[]>();
  readonly #ofValue = new Map<string, number>();
  /** By write: it, and all writes that happened before it. */
  readonly #pasts: readonly WriteSet[];
  readonly #visible = new Map<RecordedRead, readonly number[]>();
  readonly #known = new Map<RecordedRead, WriteSet>();

  constructor({ executions, merges }: RecordedRun) {
    this.#writes = executions.map(({ plan, written }) => ({
      key: plan.writes,
      value: plan.value,
      clock: Object.entries(written),
    }));
    this.#numbers = new Map(executions.map(({ plan }, number) => [plan.invocation, number]));
    for (const [number, { key, value }] of this.#writes.entries()) {
      this.#ofKey.set(key, [...this.writesOf(key), number]);
      this.#ofValue.set(value, number);
    }
    const pasts = this.#writes.map(() => this.emptySet());
    this.#pasts = pasts;
    const done = new Set<number>();
    // Nobody reads a write before storage has it, so the order of merges is an order of causes.
    for (const { invocation } of merges) {
      const number = this.numberOf(invocation);
      const past = must(pasts[number], 'a past of every write');
      for (const read of must(executions[number], 'an execution of every write').reads) {
        const isCommitted = this.visibleIn(read).every((seen) => done.has(seen));
        assert(isCommitted, `${invocation} read what was not committed yet`);
        past.addAll(this.knownTo(read));
      }
      past.add(number);
      done.add(number);
    }
  }

  emptySet(): WriteSet {
    return new WriteSet(this.#writes.length);
  }

  numberOf(invocation: InvocationId): number {
    return must(this.#numbers.get(invocation), `${invocation} has committed`);
  }

  writesOf(key: Key): readonly number[] {
    return this.#ofKey.get(key) ?? [];
  }

  pastOf(write: number): WriteSet {
    return must(this.#pasts[write], 'a past of every write');
  }

  /**
   * The writes whose effect is in the version that a read returned. Of last-writer-wins versions
   * exactly the one whose value the function saw, whatever its timestamp claims to have replaced.
   */
  visibleIn(read: RecordedRead): readonly number[] {
    const visible = this.#visible.get(read) ?? this.#findVisible(read);
    this.#visible.set(read, visible);
    return visible;
  }

  /** All writes that a read knows of: those in its version, and what happened before them. */
  knownTo(read: RecordedRead): WriteSet {
    const known = this.#known.get(read) ?? this.closureOf(this.visibleIn(read));
    this.#known.set(read, known);
    return known;
  }

  /** These writes and all that happened before them. */
  closureOf(writes: readonly number[]): WriteSet {
    const known = this.emptySet();
    for (const write of writes) known.addAll(this.pastOf(write));
    return known;
  }

  /**
   * The writes of its key that storage had or got and does not know of after a merge.
   *
   * @param held by key, the write that a last-writer-wins register holds; updated by this
   */
  lostIn(merge: RecordedMerge, held: Map<Key, number>): readonly number[] {
    const { key, before, after } = merge;
    const incoming = this.numberOf(merge.invocation);
    if (isLastWriterWins(after)) {
      const holding = held.get(key);
      const kept = merge.isNewest || holding === undefined ? incoming : holding;
      held.set(key, kept);
      const known = this.pastOf(kept);
      return [holding ?? incoming, incoming].filter((write) => !known.has(write));
    }
    const known = this.closureOf(this.#coveredBy(key, after));
    return [...this.#coveredBy(key, before), incoming].filter((write) => !known.has(write));
  }

  #coveredBy(key: Key, version: VersionVector): readonly number[] {
    return this.writesOf(key).filter((write) =>
      covers(version, must(this.#writes[write], 'a write').clock),
    );
  }

  #findVisible({ key, version, value }: RecordedRead): readonly number[] {
    if (value === undefined) return [];
    const seen = must(this.#ofValue.get(value), `${value} was written`);
    if (isLastWriterWins(version)) return [seen];
    const visible = this.#coveredBy(key, version);
    assert(visible.includes(seen), `The version of ${key} includes ${value}, which was seen`);
    return visible;
  }
}
