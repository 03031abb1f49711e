/**
 * The invocations of this server: starts them, knows how each ended, and forgets those that ended first.
 * Bounded by their number and by the size of their results; those that still run are never
 * forgotten.
 */
import type {
  ArgumentMap,
  ConsistencyLevel,
  InvocationId,
  Key,
  RequestIdentity,
} from '@stormglass/core';
import type { Cluster, InvocationOutcome } from '../cluster-port.ts';
import type { InvocationRecord, InvocationTarget } from './invocation-record.ts';

const INVOCATIONS_KEPT_MAX = 10_000;
/** Characters of JSON text over all kept results; beyond it those that ended first go. */
const RESULT_CHARACTERS_KEPT_MAX = 64 * 1024 * 1024;

export interface InvocationOptions {
  readonly consistency: ConsistencyLevel;
  /** With its identity, and the id that it was claimed for. */
  readonly claimed?: { readonly identity: RequestIdentity; readonly id: InvocationId } | undefined;
  readonly sessionToken?: string | undefined;
  readonly store?: Key | undefined;
  readonly timeoutMs?: number | undefined;
  readonly trace: boolean;
  /** Milliseconds since 1970; now, when it is left out. */
  readonly startedAtMs?: number | undefined;
}

export interface StartedInvocation {
  readonly record: InvocationRecord;
  /** Resolves with the record of the ended invocation; never rejects. */
  readonly settled: Promise<InvocationRecord & { readonly outcome: InvocationOutcome }>;
}

export interface InvocationBookSurroundings {
  readonly cluster: Pick<Cluster, 'invoke'>;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly onBug: (error: unknown) => void;
  readonly onSettled: (record: InvocationRecord & { readonly outcome: InvocationOutcome }) => void;
  readonly onForgotten: (id: InvocationId) => void;
}

/** The cluster promised to answer and did not: whoever waits gets to know, the log says why. */
const BUG: InvocationOutcome = {
  ok: false,
  failure: {
    type: 'internal',
    detail: 'The server made a mistake with this invocation; its log says which. Please report it.',
  },
  attempts: 0,
  durationUs: 0,
};

const RADIX = 36;
const SUFFIX_LENGTH = 5;

/** Sorts by time of start, and does not repeat over restarts. */
function invocationId(nowMs: number, random: number): InvocationId {
  const suffix = Math.floor(random * RADIX ** SUFFIX_LENGTH).toString(RADIX);
  return `i${nowMs.toString(RADIX)}${suffix.padStart(SUFFIX_LENGTH, '0')}`;
}

function weightOf(outcome: InvocationOutcome): number {
  if (!outcome.ok)
    return outcome.failure.detail.length + (outcome.failure.error?.stack.length ?? 0);
  let weight = outcome.sessionToken.length;
  for (const value of outcome.results.values()) weight += value?.length ?? 0;
  return weight;
}

export class InvocationBook {
  readonly #world: InvocationBookSurroundings;
  /** In the order of their start. */
  readonly #records = new Map<InvocationId, InvocationRecord>();
  readonly #settled = new Map<InvocationId, StartedInvocation['settled']>();
  /** In the order in which they ended: whoever waits for a long one can still ask how it did. */
  readonly #ended = new Set<InvocationId>();
  #started = 0;
  #weight = 0;

  constructor(world: InvocationBookSurroundings) {
    this.#world = world;
  }

  /** Not used yet in this server. */
  readonly newId = (): InvocationId => {
    const nowMs = this.#world.nowMs();
    let id = invocationId(nowMs, this.#world.random());
    while (this.#records.has(id)) id = invocationId(nowMs, this.#world.random());
    return id;
  };

  readonly start = (
    target: InvocationTarget,
    args: ArgumentMap,
    options: InvocationOptions,
  ): StartedInvocation => {
    const startedAtMs = options.startedAtMs ?? this.#world.nowMs();
    const id = options.claimed?.id ?? this.newId();
    const record: InvocationRecord = {
      id,
      ordinal: ++this.#started,
      target,
      consistency: options.consistency,
      startedAtMs,
      traced: options.trace,
      weight: 0,
    };
    this.#records.set(id, record);
    const settled = this.#world.cluster
      .invoke({
        invocation: id,
        target: target.kind === 'dag' ? { dag: target.dag.name } : { function: target.name },
        arguments: args,
        consistency: options.consistency,
        identity: options.claimed?.identity,
        sessionToken: options.sessionToken,
        store: options.store,
        timeoutMs: options.timeoutMs,
        trace: options.trace,
      })
      .then(
        (outcome) => this.#settle(record, outcome),
        (error: unknown) => {
          this.#world.onBug(error);
          return this.#settle(record, BUG);
        },
      );
    this.#settled.set(id, settled);
    return { record, settled };
  };

  /** One that has ended before this server started. */
  readonly restore = (
    ended: Omit<InvocationRecord, 'ordinal' | 'weight' | 'traced'>,
    outcome: InvocationOutcome,
  ): void => {
    const weight = weightOf(outcome);
    // Its events have gone with the server that ran it.
    const record = { ...ended, ordinal: ++this.#started, traced: false, outcome, weight };
    this.#records.set(record.id, record);
    this.#ended.add(record.id);
    this.#weight += weight;
    this.#forget();
  };

  readonly find = (id: InvocationId): InvocationRecord | undefined => this.#records.get(id);

  /** Resolves when it has ended; `undefined` when it has, or is not known. */
  readonly whenSettled = (id: InvocationId): StartedInvocation['settled'] | undefined =>
    this.#settled.get(id);

  /** Newest first, those with a smaller ordinal than `before`. */
  readonly list = (page: {
    readonly before: number | undefined;
    readonly limit: number;
    readonly matches: (record: InvocationRecord) => boolean;
  }): { readonly records: readonly InvocationRecord[]; readonly complete: boolean } => {
    const before = page.before ?? Infinity;
    const matching = [...this.#records.values()]
      .toReversed()
      .filter((record) => record.ordinal < before && page.matches(record));
    return {
      records: matching.slice(0, page.limit),
      complete: matching.length <= page.limit,
    };
  };

  #settle(started: InvocationRecord, outcome: InvocationOutcome) {
    const record = { ...started, outcome, weight: weightOf(outcome) };
    // Setting an existing entry of a Map keeps its place, so the order of starts stays.
    this.#records.set(record.id, record);
    this.#settled.delete(record.id);
    this.#ended.add(record.id);
    this.#weight += record.weight;
    this.#forget();
    this.#world.onSettled(record);
    return record;
  }

  #forget(): void {
    for (const id of this.#ended) {
      if (this.#isWithinBounds()) return;
      this.#weight -= this.#records.get(id)?.weight ?? 0;
      this.#records.delete(id);
      this.#ended.delete(id);
      this.#world.onForgotten(id);
    }
  }

  #isWithinBounds(): boolean {
    return this.#records.size <= INVOCATIONS_KEPT_MAX && this.#weight <= RESULT_CHARACTERS_KEPT_MAX;
  }
}
