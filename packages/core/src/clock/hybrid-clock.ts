/**
 * Hybrid logical clock (protocols.md 2.2): wall time when it is ahead, one tick more than what was
 * seen when it is not. So a writer that has read a version always writes a larger timestamp,
 * however wrong its wall clock is.
 */
import { assert } from '../assert.ts';
import type { WriterId } from '../ids.ts';
import type { HybridTimestamp } from '../lattice/capsule.ts';

export const HYBRID_TICKS_PER_MS = 4096;

/**
 * Numbered writers (workers, by the number in their name) issue timestamps of different residues. A
 * tie would make two writes of one key look like the same version, because an LWW version is known
 * by its timestamp alone; and two writers behind the same newer version tie easily, as both go one
 * tick beyond it.
 */
const RESIDUES = 64;

/**
 * @param previous the largest timestamp that this writer has issued or seen; 0 when there is none
 * @param wallMs milliseconds since 1970; a fraction is used
 * @param writer of a key that others write as well
 */
export function nextTimestamp(
  previous: HybridTimestamp,
  wallMs: number,
  writer?: WriterId,
): HybridTimestamp {
  const earliest = Math.max(previous + 1, Math.floor(wallMs * HYBRID_TICKS_PER_MS));
  const next = writer === undefined ? earliest : firstOfResidue(earliest, numberOf(writer));
  assert(Number.isSafeInteger(next), () => `timestamp ${next} is not a safe integer`);
  return next;
}

function firstOfResidue(earliest: HybridTimestamp, residue: number): HybridTimestamp {
  const ahead = (residue - (earliest % RESIDUES)) % RESIDUES;
  return earliest + (ahead < 0 ? ahead + RESIDUES : ahead);
}

/** `w12.3`, the third incarnation of the worker 12, is 12; a writer without a number is 0. */
const numberOf = (writer: WriterId): number => Number(/^[^.]*?(\d+)/u.exec(writer)?.[1] ?? 0);

/** The wall milliseconds of a timestamp, its logical part cut off. */
export const wallMsOf = (timestamp: HybridTimestamp): number =>
  Math.floor(timestamp / HYBRID_TICKS_PER_MS);
