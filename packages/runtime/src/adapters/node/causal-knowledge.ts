/**
 * What one process knows of the events of all: for each source, how many of them it has emitted or
 * seen.
 *
 * Every message carries this knowledge, so whoever receives it knows which events came before what
 * it does next. With that the server puts events into a causal order although they reach it over
 * links that race (causal-merge.ts).
 */

/** A process that emits events: the server, or a worker and its incarnation. */
export type Source = string;
export type Causes = ReadonlyMap<Source, number>;

export const SERVER_SOURCE: Source = 'server';
export const workerSource = (worker: string, incarnation: number): Source =>
  `${worker}.${incarnation}`;

export class CausalKnowledge {
  readonly self: Source;
  readonly #counts = new Map<Source, number>();
  #revision = 0;

  constructor(self: Source) {
    this.self = self;
  }

  /** Grows with every change. */
  get revision(): number {
    return this.#revision;
  }

  get counts(): Causes {
    return this.#counts;
  }

  countEmitted(events: number): void {
    this.#raise(this.self, (this.#counts.get(this.self) ?? 0) + events);
  }

  isNew(causes: Causes): boolean {
    for (const [source, count] of causes) {
      if (count > (this.#counts.get(source) ?? 0)) return true;
    }
    return false;
  }

  learn(causes: Causes): void {
    for (const [source, count] of causes) {
      if (source !== this.self) this.#raise(source, count);
    }
  }

  /** The source is gone, and all it ever sent is in the log. */
  forget(source: Source): void {
    this.#counts.delete(source);
  }

  #raise(source: Source, count: number): void {
    if (count <= (this.#counts.get(source) ?? 0)) return;
    this.#counts.set(source, count);
    this.#revision += 1;
  }
}

/**
 * What the other end of one link was told of this process's knowledge. On a worker's link to the
 * server that is also what the log waits for before it takes this worker's next events.
 */
export class ToldCauses {
  readonly #knowledge: CausalKnowledge;
  readonly #told = new Map<Source, number>();
  #revision = 0;

  /** `implied`: a source that the other end counts by itself on this link. */
  constructor(knowledge: CausalKnowledge, implied?: Source) {
    this.#knowledge = knowledge;
    if (implied !== undefined) this.#told.set(implied, Infinity);
  }

  /**
   * What it was not told yet; the caller tells it with the next frame. `undefined` when there is
   * nothing.
   */
  next(): Causes | undefined {
    if (this.#revision === this.#knowledge.revision) return undefined;
    this.#revision = this.#knowledge.revision;
    const untold = new Map<Source, number>();
    for (const [source, count] of this.#knowledge.counts) {
      if (count <= (this.#told.get(source) ?? 0)) continue;
      untold.set(source, count);
      this.#told.set(source, count);
    }
    return untold.size === 0 ? undefined : untold;
  }

  /**
   * The other end knows these: it said so. Never on a link to the server, which has to be told what
   * to wait for.
   */
  heard(causes: Causes): void {
    for (const [source, count] of causes) {
      if (count > (this.#told.get(source) ?? 0)) this.#told.set(source, count);
    }
  }
}
