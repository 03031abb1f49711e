/**
 * The Timers port on Node's timers.
 */
import type { Timers } from '../../ports/timers.ts';

/** Longer delays would wrap around and fire at once. */
const DELAY_MS_MAX = 2 ** 31 - 1;

export const nodeTimers: Timers = {
  after: (delayMs, wake) => {
    const timer = setTimeout(wake, Math.min(delayMs, DELAY_MS_MAX));
    return () => clearTimeout(timer);
  },
};
