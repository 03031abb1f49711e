/**
 * Durations of motion that is not CSS: none where the person asked for less motion.
 */
const reduced = matchMedia('(prefers-reduced-motion: reduce)');

export const motionMs = (durationMs: number): number => (reduced.matches ? 0 : durationMs);
