/**
 * Hybrid logical clock (protocols.md 2.2): wall time when it is ahead, one tick more than what was
 * seen when it is not. So a writer that has read a version always writes a larger timestamp,
 * however wrong its wall clock is.
 */
import { assert } from '../assert.ts';
import type { HybridTimestamp } from '../lattice/capsule.ts';

export const HYBRID_TICKS_PER_MS = 4096;

/**
 * @param previous the largest timestamp that this writer has issued or seen; 0 when there is none
 * @param wallMs milliseconds since 1970; a fraction is used, and makes ties between writers rarer
 */
export function nextTimestamp(previous: HybridTimestamp, wallMs: number): HybridTimestamp {
  const next = Math.max(previous + 1, Math.floor(wallMs * HYBRID_TICKS_PER_MS));
  assert(Number.isSafeInteger(next), `timestamp ${next} is not a safe integer`);
  return next;
}

/** The wall milliseconds of a timestamp, its logical part cut off. */
export const wallMsOf = (timestamp: HybridTimestamp): number =>
  Math.floor(timestamp / HYBRID_TICKS_PER_MS);
