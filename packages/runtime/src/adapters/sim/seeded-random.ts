/**
 * The Random port from a seed: sfc32 (Chris Doty-Humphrey, PractRand), its four words of state
 * hashed from the seed. A fork's seed is the parent's seed and a label, never the parent's
 * position: draws do not shift each other.
 */
import murmurhash from 'murmurhash';
import type { Random } from '../../ports/random.ts';

/** Rounds that spread the seed over the whole state, as the reference implementation runs them. */
const WARM_UP_ROUNDS = 15;
const WORD_SIZE = 2 ** 32;

/** Equal seeds give equal sequences on every machine. */
export function seededRandom(seed: string): Random {
  let a = 0;
  let b = 0;
  let c = 0;
  let counter = 0;
  const nextWord = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  // At the first draw: most forks never draw.
  const begin = (): void => {
    a = murmurhash.v3(seed, 1);
    b = murmurhash.v3(seed, 2);
    c = murmurhash.v3(seed, 3);
    counter = 1;
    for (let round = 0; round < WARM_UP_ROUNDS; round += 1) nextWord();
  };
  let hasBegun = false;
  return {
    next: () => {
      if (!hasBegun) begin();
      hasBegun = true;
      return nextWord() / WORD_SIZE;
    },
    fork: (label) => seededRandom(`${seed}/${label}`),
  };
}
