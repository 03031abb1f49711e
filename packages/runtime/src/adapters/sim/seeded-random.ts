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
  let a = murmurhash.v3(seed, 1);
  let b = murmurhash.v3(seed, 2);
  let c = murmurhash.v3(seed, 3);
  let counter = 1;
  const nextWord = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) nextWord();
  return {
    next: () => nextWord() / WORD_SIZE,
    fork: (label) => seededRandom(`${seed}/${label}`),
  };
}
