/**
 * The Random port on the operating system's generator. Its forks are independent by nature,
 * whatever their label.
 */
import { randomFillSync } from 'node:crypto';
import type { Random } from '../../ports/random.ts';

const DRAWS_AT_A_TIME = 512;
const HIGH_BITS = 2 ** 26;

export function systemRandom(): Random {
  const words = new Uint32Array(DRAWS_AT_A_TIME * 2);
  let next = words.length;
  const random: Random = {
    next: () => {
      if (next === words.length) {
        randomFillSync(words);
        next = 0;
      }
      const high = words[next] ?? 0;
      const low = words[next + 1] ?? 0;
      next += 2;
      // 26 and 27 bits: as many as the mantissa of a number below 1 holds.
      return ((high >>> 6) + (low >>> 5) / 2 ** 27) / HIGH_BITS;
    },
    fork: () => random,
  };
  return random;
}
