/**
 * Lets something happen at most once per interval: at once when it was quiet, else at the end of the
 * interval.
 */

/** The world's time, so that a test can drive it. */
export interface PaceSurroundings {
  readonly nowMs: () => number;
  readonly after: (delayMs: number, wake: () => void) => void;
}

export const pagePace: PaceSurroundings = {
  nowMs: () => performance.now(),
  after: (delayMs, wake) => {
    setTimeout(wake, delayMs);
  },
};

export function paced(
  intervalMs: number,
  happen: () => void,
  surroundings: PaceSurroundings = pagePace,
): () => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  let isWaiting = false;
  const fire = () => {
    isWaiting = false;
    lastMs = surroundings.nowMs();
    happen();
  };
  return () => {
    if (isWaiting) return;
    const restMs = lastMs + intervalMs - surroundings.nowMs();
    if (restMs <= 0) {
      fire();
    } else {
      isWaiting = true;
      surroundings.after(restMs, fire);
    }
  };
}
