/**
 * The kinds of fault that the simulator injects, and how often it did.
 */
export type FaultKind =
  /** A message that takes much longer than others. */
  | 'slow message'
  /** A message that others on its link may overtake, or that overtakes them. */
  | 'reordered message'
  | 'duplicated message'
  /** Alone, or on a link that loses everything for a while. */
  | 'lost message'
  /** A link, in one direction, that keeps or loses its messages for a while. */
  | 'partition'
  | 'worker crash'
  | 'storage crash'
  | 'scheduler crash'
  | 'server crash'
  /** A change that was on its way to the disk when its process died. */
  | 'lost save'
  /** A machine whose wall clock is skewed or drifts. */
  | 'wrong clock'
  | 'clock jump'
  | 'slow node'
  | 'slow disk'
  | 'pause'
  | 'eviction';

export class FaultCounter {
  readonly #counts = new Map<FaultKind, number>();

  count(kind: FaultKind, times = 1): void {
    if (times > 0) this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + times);
  }

  counts(): ReadonlyMap<FaultKind, number> {
    return this.#counts;
  }
}
