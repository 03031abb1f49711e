/**
 * Waking up later. `wake` runs as a turn of its own, never inside the call of `after`.
 */
export type Cancel = () => void;

export interface Timers {
  readonly after: (delayMs: number, wake: () => void) => Cancel;
}
