/**
 * The kinds of fault that the simulator injects, and how often it did.
 */
export type FaultKind =
  /** A message that takes much longer than others. */
  | 'delay'
  /** A message that arrives twice. */
  | 'duplication'
  /** A link that keeps its messages for a while. */
  | 'held link'
  /** A link that loses its messages for a while. */
  | 'cut link'
  | 'worker crash'
  | 'storage crash'
  /** A machine whose wall clock is skewed or drifts. */
  | 'wrong clock';

export class FaultCounter {
  readonly #counts = new Map<FaultKind, number>();

  count(kind: FaultKind, times = 1): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + times);
  }

  counts(): ReadonlyMap<FaultKind, number> {
    return this.#counts;
  }
}
