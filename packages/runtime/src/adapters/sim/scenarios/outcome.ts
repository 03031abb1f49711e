/**
 * What came of a schedule: what every run saw and how it was answered, and the messages it took.
 */
import { must, type InvocationAnswer, type Key, type WorkerId } from '@stormglass/core';
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
  readonly statistics: ReadonlyMap<WorkerId, CacheStatistics>;
}

export class Outcome {
  readonly #parts: OutcomeParts;

  constructor(parts: OutcomeParts) {
    this.#parts = parts;
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

  /** When all was done and before anything was healed. */
  statistics(cache: WorkerId): CacheStatistics {
    return must(this.#parts.statistics.get(cache), `There is no cache ${cache}`);
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
