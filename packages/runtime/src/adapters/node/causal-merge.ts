/**
 * Puts the events of all processes into one order in which no event comes before one that caused
 * it.
 *
 * Each source's events stay in its own order; they wait while one of their causes has not been
 * admitted. A source that is lost took its unsent events with it, so nobody waits for those.
 */
import { assert, must, type ToldEvent } from '@stormglass/core';
import type { Causes, Source } from './causal-knowledge.ts';

/**
 * Events that wait at a time. Beyond it a cause is not coming, and order gives way to bounded
 * memory.
 */
const HELD_EVENTS_MAX = 50_000;

export interface CausalMergeOptions {
  readonly admit: (told: ToldEvent) => void;
  /** Told when events were admitted out of order because too many waited. */
  readonly overflowed?: ((events: number) => void) | undefined;
  /** Default {@link HELD_EVENTS_MAX}. */
  readonly heldMax?: number | undefined;
}

/** Events that share their causes. Without events it only raises what later ones wait for. */
interface Segment {
  readonly events: readonly ToldEvent[];
  /** Only what the source learnt since its segment before. */
  readonly causes: Causes | undefined;
}

interface SourceState {
  readonly source: Source;
  readonly queue: Segment[];
  offered: number;
  admitted: number;
  isLost: boolean;
  drained: (() => void) | undefined;
}

export class CausalMerge {
  readonly #options: CausalMergeOptions;
  readonly #sources = new Map<Source, SourceState>();
  #held = 0;
  #isAdmitting = false;

  constructor(options: CausalMergeOptions) {
    this.#options = options;
  }

  /** Events that wait for a cause. */
  get held(): number {
    return this.#held;
  }

  /** Before the first offer of a source, and before anybody can learn of it. */
  open(source: Source): void {
    assert(!this.#sources.has(source), `${source} is open already`);
    this.#sources.set(source, {
      source,
      queue: [],
      offered: 0,
      admitted: 0,
      isLost: false,
      drained: undefined,
    });
  }

  /** How many events of an open source were offered so far. */
  offeredBy(source: Source): number {
    return must(this.#sources.get(source), `${source} is not open`).offered;
  }

  /** The next events of an open source; `first` is how many it had emitted before. */
  offer(source: Source, first: number, events: readonly ToldEvent[], causes?: Causes): void {
    const state = must(this.#sources.get(source), `${source} is not open`);
    assert(first === state.offered, `${source} goes on at ${first} instead of ${state.offered}`);
    state.offered += events.length;
    this.#enqueue(state, { events, causes });
  }

  /** What the source learns now: its later events wait for these. */
  require(source: Source, causes: Causes): void {
    this.#enqueue(must(this.#sources.get(source), `${source} is not open`), { events: [], causes });
  }

  /**
   * Nothing more comes from this source. `drained` is called when its last event was admitted,
   * maybe at once.
   */
  lose(source: Source, drained?: () => void): void {
    const state = must(this.#sources.get(source), `${source} is not open`);
    state.isLost = true;
    state.drained = drained;
    this.#advance();
  }

  #enqueue(state: SourceState, segment: Segment): void {
    state.queue.push(segment);
    this.#held += segment.events.length;
    this.#advance();
    if (this.#held > (this.#options.heldMax ?? HELD_EVENTS_MAX)) this.#admitAll();
  }

  /** Admits every head that may go, until none may. An event emitted meanwhile waits its turn. */
  #advance(): void {
    if (this.#isAdmitting) return;
    this.#isAdmitting = true;
    try {
      let hasMoved = true;
      while (hasMoved) {
        hasMoved = false;
        for (const state of this.#sources.values()) {
          while (state.queue[0] !== undefined && this.#isReady(state, state.queue[0])) {
            this.#admitHead(state);
            hasMoved = true;
          }
          if (state.isLost && state.queue.length === 0) {
            this.#sources.delete(state.source);
            state.drained?.();
            hasMoved = true;
          }
        }
      }
    } finally {
      this.#isAdmitting = false;
    }
  }

  /** A source's own events are in order anyway, so it never waits for itself. */
  #isReady({ source: self }: SourceState, { causes }: Segment): boolean {
    if (causes === undefined) return true;
    for (const [source, count] of causes) {
      if (source === self) continue;
      const state = this.#sources.get(source);
      if (state !== undefined && state.admitted < count) return false;
    }
    return true;
  }

  #admitHead(state: SourceState): void {
    const segment = must(state.queue.shift(), 'a head to admit');
    this.#held -= segment.events.length;
    for (const told of segment.events) {
      state.admitted += 1;
      this.#options.admit(told);
    }
  }

  #admitAll(): void {
    if (this.#isAdmitting) return;
    const waiting = this.#held;
    this.#isAdmitting = true;
    try {
      for (const state of this.#sources.values()) {
        while (state.queue.length > 0) this.#admitHead(state);
      }
    } finally {
      this.#isAdmitting = false;
    }
    this.#options.overflowed?.(waiting);
    this.#advance();
  }
}
