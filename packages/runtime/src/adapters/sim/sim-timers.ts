/**
 * The Timers port over virtual time.
 */
import type { Timers } from '../../ports/timers.ts';
import type { EventQueue } from './event-queue.ts';
import type { SimLife } from './sim-life.ts';

export function simTimers(queue: EventQueue, life: SimLife): Timers {
  return {
    after: (delayMs, wake) => {
      // A timer that is due while the process pauses can still be cancelled by what comes first.
      let isCancelled = false;
      const due = (): void => {
        if (!isCancelled) wake();
      };
      const cancel = queue.after(delayMs * 1000, () => life.run(queue, due));
      return () => {
        isCancelled = true;
        cancel();
      };
    },
  };
}
