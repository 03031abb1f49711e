/**
 * The Timers port over virtual time.
 */
import type { Timers } from '../../ports/timers.ts';
import type { EventQueue } from './event-queue.ts';
import type { SimLife } from './sim-life.ts';

export function simTimers(queue: EventQueue, life: SimLife): Timers {
  return {
    after: (delayMs, wake) =>
      queue.after(delayMs * 1000, () => {
        if (life.isAlive) wake();
      }),
  };
}
