/**
 * A set of writes, each known by its number, as bits.
 */
const WORD_BITS = 32;

export class WriteSet {
  readonly #words: Uint32Array;

  /** Empty, for writes 0 to `size - 1`. */
  constructor(size: number) {
    this.#words = new Uint32Array(Math.ceil(size / WORD_BITS));
  }

  add(write: number): void {
    const word = write >>> 5;
    this.#words[word] = (this.#words[word] ?? 0) | (1 << (write & 31));
  }

  addAll(other: WriteSet): void {
    for (const [word, bits] of other.#words.entries()) {
      this.#words[word] = (this.#words[word] ?? 0) | bits;
    }
  }

  has(write: number): boolean {
    return ((this.#words[write >>> 5] ?? 0) & (1 << (write & 31))) !== 0;
  }
}
