/**
 * What came of a schedule: what every run saw and how it was answered, and the messages it took.
 */
import {
  assert,
  dependenciesOf,
  must,
  type Capsule,
  type InvocationAnswer,
  type Key,
  type WorkerId,
} from '@stormglass/core';
import type { CacheStatistics } from '../../../cache/cache.ts';
import { checkHistory } from '../check-history.ts';
import type { ReadEntry, WriteEntry } from '../history.ts';
import type { Simulation } from '../run-simulation.ts';
import type { Scenario } from '../scenario.ts';
import type { Passage } from '../sim-network.ts';
import type { RunName } from './schedule.ts';
import type { ScheduledRun, Seen } from './schedule-cluster.ts';

export interface OutcomeParts {
  readonly simulation: Simulation;
  readonly scenario: Scenario;
  readonly runs: readonly ScheduledRun[];
  readonly answers: ReadonlyMap<RunName, InvocationAnswer>;
  readonly passages: readonly Passage[];
  readonly marks: ReadonlyMap<string, Mark>;
}

/** What a schedule's `mark` has noted. */
export interface Mark {
  readonly statistics: ReadonlyMap<WorkerId, CacheStatistics>;
  readonly answered: ReadonlySet<RunName>;
  /** What storage had of every key that the schedule names; not at the end. */
  readonly stored: ReadonlyMap<Key, Capsule>;
}

/** When all was done and before anything was healed. */
export const END_MARK = 'end';

export class Outcome {
  readonly #parts: OutcomeParts;

  constructor(parts: OutcomeParts) {
    this.#parts = parts;
    this.#checkPlacement();
  }

  get simulation(): Simulation {
    return this.#parts.simulation;
  }

  /** What the client was told of a run. */
  answer(run: RunName): InvocationAnswer {
    return must(this.#parts.answers.get(run), `${run} was not answered`);
  }

  attempts(run: RunName): number {
    return this.answer(run).attempts;
  }

  /** The slug of the problem that a run was answered with. */
  failure(run: RunName): string | undefined {
    return this.answer(run).failure?.type;
  }

  /** What the answered attempt of a run saw of a key, in the order of the steps; absent is `null`. */
  saw(run: RunName, key: Key): readonly unknown[] {
    const seen = this.#seenBy(run);
    const steps = this.#runOf(run).nodes.flatMap(({ steps: ofNode }) => ofNode);
    return steps
      .toSorted((a, b) => a.number - b.number)
      .filter(({ operation }) => 'key' in operation && operation.key === key)
      .flatMap(({ number }) => (number in seen ? [seen[number]] : []));
  }

  /** The reads of a key by all attempts of a run, as they happened. */
  reads(run: RunName, key: Key): readonly ReadEntry[] {
    return this.simulation.history.filter(
      (entry): entry is ReadEntry =>
        entry.kind === 'read' && entry.invocation === run && entry.key === key,
    );
  }

  writes(run: RunName, key: Key): readonly WriteEntry[] {
    return this.simulation.history.filter(
      (entry): entry is WriteEntry =>
        entry.kind === 'write' && entry.invocation === run && entry.key === key,
    );
  }

  /** How often one cache asked another for its version of the key. */
  fetches(key: Key): number {
    return this.#count(({ message }) => message.type === 'cache.fetch' && message.key === key);
  }

  /** How often the cache asked storage for the key. */
  storageGets(cache: WorkerId, key: Key): number {
    return this.#count(
      ({ message, fromMachine }) =>
        message.type === 'storage.get' && message.key === key && fromMachine === cache,
    );
  }

  messages(matches: (passage: Passage) => boolean): readonly Passage[] {
    return this.#parts.passages.filter(matches);
  }

  statistics(cache: WorkerId, mark: string = END_MARK): CacheStatistics {
    return must(this.#markOf(mark).statistics.get(cache), `There is no cache ${cache}`);
  }

  /** Whether the run had been answered when the schedule came to this mark. */
  wasAnsweredAt(mark: string, run: RunName): boolean {
    return this.#markOf(mark).answered.has(run);
  }

  /** The keys that the value in storage depended on at this mark. */
  dependencies(key: Key, mark: string): readonly Key[] {
    const stored = this.#markOf(mark).stored.get(key);
    return stored === undefined ? [] : [...dependenciesOf(stored).keys()].toSorted();
  }

  /** Keys that the cache dropped, in order. */
  evicted(cache: WorkerId): readonly Key[] {
    return this.simulation.events.flatMap(({ event }) =>
      event.kind === 'cache.evicted' && event.worker === cache ? [event.key] : [],
    );
  }

  /** What storage has in the end. */
  final(key: Key): unknown {
    const entry = this.simulation.history.findLast(
      (candidate) => candidate.kind === 'final' && candidate.key === key,
    );
    return entry?.kind === 'final' && entry.value !== undefined
      ? JSON.parse(entry.value)
      : undefined;
  }

  /** Rules that the history breaks. */
  violations(): readonly string[] {
    return checkHistory(this.simulation.history, this.#parts.scenario);
  }

  /** Answers that went out for a run. */
  answersSent(run: RunName): number {
    return this.simulation.history.filter(
      (entry) => entry.kind === 'answer' && entry.invocation === run,
    ).length;
  }

  #count(matches: (passage: Passage) => boolean): number {
    return this.messages(matches).length;
  }

  /** First attempts run where the schedule says; later ones where there is a worker. */
  #checkPlacement(): void {
    for (const { name, nodes } of this.#parts.runs) {
      const first = this.simulation.history.find(
        (entry) => entry.kind === 'attempt' && entry.invocation === name,
      );
      const placement = first?.kind === 'attempt' ? first.placement : {};
      for (const { id, cache } of nodes) {
        assert(placement[id] === cache, `${name}.${id} is placed on ${placement[id]}`);
      }
    }
  }

  #markOf(mark: string): Mark {
    return must(this.#parts.marks.get(mark), `There is no mark ${mark}`);
  }

  #runOf(run: RunName): ScheduledRun {
    return must(
      this.#parts.runs.find(({ name }) => name === run),
      `There is no run ${run}`,
    );
  }

  #seenBy(run: RunName): Seen {
    const merged: Record<string, unknown> = {};
    for (const [, result] of this.answer(run).results) {
      if (result !== undefined) Object.assign(merged, JSON.parse(result));
    }
    return merged;
  }
}
