/**
 * What an anomaly schedule is, and how its verdict is read off an outcome: `x`, `ok` and the words
 * of correctness.md 4.2.
 */
import type { WorkerId } from '@stormglass/core';
import type { ClockError } from '../sim-clock.ts';
import type { Outcome } from './outcome.ts';

/**
 * `x`: the anomaly occurs; `ok`: it does not; `both kept`: nothing is lost, side by side; `UNAV`: the read is
 * refused; `ok (restart)`: it does not, because the DAG was run again.
 */
export type Verdict = 'x' | 'ok' | 'both kept' | 'UNAV' | 'ok (restart)';

/** The page has no result for merges at levels that do not merge. */
export type PublishedVerdict = Verdict | 'none';

export interface Anomaly {
  /** As in the page: `S4b`. */
  readonly number: string;
  readonly name: string;
  /**
   * Page 4.2: LWW, DSRR, DSC, DSC with the cut check, which are `lww`, `repeatable-read`, `causal`
   * and `causal-cut`.
   */
  readonly published: readonly [
    PublishedVerdict,
    PublishedVerdict,
    PublishedVerdict,
    PublishedVerdict,
  ];
  /** Why ours is another result, where it is. */
  readonly differs?: string | undefined;
  /** Where the schedule is not the page's word for word. */
  readonly note?: string | undefined;
  /** In the notation of `schedule.ts`. */
  readonly schedule: string;
  readonly clocks?: Readonly<Record<WorkerId, Partial<ClockError>>> | undefined;
  readonly verdict: (outcome: Outcome) => Verdict;
}

/** `x` if the run was answered and `isAnomalous`; otherwise how it was avoided. */
export const ofRun =
  (run: string, isAnomalous: (outcome: Outcome) => boolean) =>
  (outcome: Outcome): Verdict => {
    const failure = outcome.failure(run);
    if (failure === 'unavailable') return 'UNAV';
    if (failure !== undefined) throw new Error(`${run} failed: ${failure}`);
    if (isAnomalous(outcome)) return 'x';
    return outcome.attempts(run) > 1 ? 'ok (restart)' : 'ok';
  };

/** What a run saw of a key is exactly this. */
export const saw =
  (run: string, key: string, ...values: readonly unknown[]) =>
  (outcome: Outcome): boolean =>
    JSON.stringify(outcome.saw(run, key)) === JSON.stringify(values);

export const lastSeen = (outcome: Outcome, run: string, key: string): unknown =>
  outcome.saw(run, key).at(-1);

/** Whether the last read of everything side by side has both, one, or the wrong one. */
export const keptBoth = (run: string, key: string, both: readonly unknown[]) => {
  return (outcome: Outcome): Verdict =>
    JSON.stringify(lastSeen(outcome, run, key)) === JSON.stringify(both) ? 'both kept' : 'x';
};
