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

/** Its bytes where it is ASCII, as nearly all are: encoded once, not once for each word of state. */
function bytesOf(seed: string): Uint8Array | string {
  const bytes = new Uint8Array(seed.length);
  for (let index = 0; index < seed.length; index += 1) {
    const unit = seed.charCodeAt(index);
    if (unit > 0x7f) return seed;
    bytes[index] = unit;
  }
  return bytes;
}

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
    const bytes = bytesOf(seed);
    a = murmurhash.v3(bytes, 1);
    b = murmurhash.v3(bytes, 2);
    c = murmurhash.v3(bytes, 3);
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
