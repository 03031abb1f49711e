/**
 * The Clock port on the machine's clocks. Every process of a machine that is given the same start
 * agrees on `nowUs`: the monotonic clock is the machine's, not the process's.
 */
import type { Clock } from '../../ports/clock.ts';

/** The machine's monotonic clock now, in nanoseconds: the start of a cluster. */
export const monotonicNs = (): bigint => process.hrtime.bigint();

export function systemClock(startedAtNs: bigint): Clock {
  // `performance.now` reads the same clock and makes no BigInt; only its zero differs from process
  // to process. The first use of `performance` loads it, which takes milliseconds: not between the
  // two readings.
  performance.now();
  const offsetUs = Number(monotonicNs() - startedAtNs) / 1_000 - performance.now() * 1_000;
  return {
    nowUs: () => Math.floor(performance.now() * 1_000 + offsetUs),
    // With its fraction: two writes in one millisecond still have an order.
    wallMs: () => performance.timeOrigin + performance.now(),
  };
}
