/**
 * How long to wait before a crashed worker is replaced: not at all after a long life, longer and
 * longer while the replacements die young.
 */
const FIRST_DELAY_MS = 100;
/** Without a worker nothing runs, and a start costs less than a second of one core. */
const DELAY_MS_MAX = 1_000;
/** A worker that lived this long did not die of its start. */
export const LONG_LIFE_MS = 5_000;

/**
 * `shortLives`: how many in a row, the one that just ended included, were shorter than {@link
 * LONG_LIFE_MS}.
 */
export const restartDelayMs = (shortLives: number): number =>
  shortLives <= 1 ? 0 : Math.min(DELAY_MS_MAX, FIRST_DELAY_MS * 2 ** (shortLives - 2));
