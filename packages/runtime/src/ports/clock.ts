/**
 * Time. Two methods, because they answer different questions.
 */
export interface Clock {
  /** Microseconds since the cluster started; never goes back. For durations and for `at` of events. */
  readonly nowUs: () => number;
  /** Milliseconds since 1970 as this machine believes; may jump. Only for timestamps of writes. */
  readonly wallMs: () => number;
}
