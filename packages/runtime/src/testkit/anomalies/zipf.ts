/**
 * Ranks drawn with probability proportional to 1 / rank^s, exactly: by search in the table of the
 * cumulative weights, so there is no rejection and no approximation.
 */
import { assert, must } from '@stormglass/core';
import type { Random } from '../../ports/random.ts';

export class Zipf {
  /** At index r, the weight of ranks 0 to r together. */
  readonly #cumulative: Float64Array;

  constructor(options: { readonly ranks: number; readonly exponent: number }) {
    assert(options.ranks > 0, 'There is at least one rank');
    this.#cumulative = new Float64Array(options.ranks);
    let total = 0;
    for (let rank = 0; rank < options.ranks; rank += 1) {
      total += (rank + 1) ** -options.exponent;
      this.#cumulative[rank] = total;
    }
  }

  /** The chance of this rank; the most frequent is 0. */
  probability(rank: number): number {
    const before = rank === 0 ? 0 : this.#upTo(rank - 1);
    return (this.#upTo(rank) - before) / this.#total();
  }

  draw(random: Random): number {
    const point = random.next() * this.#total();
    let low = 0;
    let high = this.#cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#upTo(middle) > point) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #total(): number {
    return this.#upTo(this.#cumulative.length - 1);
  }

  #upTo(rank: number): number {
    return must(this.#cumulative[rank], 'a rank of the table');
  }
}
