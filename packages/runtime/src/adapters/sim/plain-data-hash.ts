/**
 * A hash of plain data: 16 hexadecimal digits, the same for equal data on every machine. The order
 * of fields does not matter, fields that are `undefined` count as absent; the order of arrays, Maps
 * and Sets does. For comparing runs, not for keeping anybody out.
 */
import { assert } from '@stormglass/core';
import { isPlainObject } from './plain-data.ts';

export function hashOfPlainData(value: unknown): string {
  const hash = new PlainDataHash();
  hash.add(value);
  return hash.text();
}

/** Two multiplicative hashes of 32 bits side by side. */
const PRIME_A = 0x01000193;
const PRIME_B = 0x85ebca6b;
const START_A = 0x811c9dc5;
const START_B = 0x9747b28c;

const spread = (word: number): number => {
  const once = Math.imul(word ^ (word >>> 16), 0x7feb352d);
  const twice = Math.imul(once ^ (once >>> 15), 0x846ca68b);
  return twice ^ (twice >>> 16);
};

/** What kind of thing comes next, so that `[1]`, `{ 0: 1 }` and `'1'` differ. */
const TAG = {
  text: 1,
  number: 2,
  true: 3,
  false: 4,
  null: 5,
  undefined: 6,
  list: 7,
  map: 8,
  set: 9,
  bytes: 10,
  object: 11,
} as const;

class PlainDataHash {
  #a = START_A;
  #b = START_B;
  readonly #double = new Float64Array(1);
  readonly #wordsOfDouble = new Uint32Array(this.#double.buffer);

  text(): string {
    const half = (word: number): string => (spread(word) >>> 0).toString(16).padStart(8, '0');
    return `${half(this.#a)}${half(this.#b)}`;
  }

  add(value: unknown): void {
    switch (typeof value) {
      case 'string':
        this.#word(TAG.text);
        this.#text(value);
        break;
      case 'number':
        this.#number(value);
        break;
      case 'boolean':
        this.#word(value ? TAG.true : TAG.false);
        break;
      case 'undefined':
        this.#word(TAG.undefined);
        break;
      case 'object':
        if (value === null) this.#word(TAG.null);
        else this.#object(value);
        break;
      default:
        throw new TypeError(`Not plain data: a ${typeof value}`);
    }
  }

  #object(value: object): void {
    if (Array.isArray(value)) this.#members(TAG.list, value.length, value);
    else if (value instanceof Map) {
      this.#word(TAG.map);
      this.#word(value.size);
      for (const [key, member] of value) {
        this.add(key);
        this.add(member);
      }
    } else if (value instanceof Set) this.#members(TAG.set, value.size, value);
    else if (value instanceof Uint8Array) this.#members(TAG.bytes, value.length, value);
    else this.#fields(value);
  }

  #members(tag: number, count: number, members: Iterable<unknown>): void {
    this.#word(tag);
    this.#word(count);
    for (const member of members) this.add(member);
  }

  /** The sum over the fields of what each hashes to alone: their order is no part of it. */
  #fields(value: object): void {
    assert(isPlainObject(value), `Not plain data: an instance of ${value.constructor.name}`);
    const [a, b] = [this.#a, this.#b];
    let [sumA, sumB] = [0, 0];
    for (const [name, field] of Object.entries(value)) {
      if (field === undefined) continue;
      this.#a = START_A;
      this.#b = START_B;
      this.#text(name);
      this.add(field);
      sumA = (sumA + spread(this.#a)) | 0;
      sumB = (sumB + spread(this.#b)) | 0;
    }
    this.#a = a;
    this.#b = b;
    this.#word(TAG.object);
    this.#word(sumA);
    this.#b = Math.imul(this.#b ^ sumB, PRIME_B);
  }

  #number(value: number): void {
    this.#word(TAG.number);
    if ((value | 0) === value && !Object.is(value, -0)) {
      this.#word(value);
      return;
    }
    // Every NaN is the one NaN, whatever its bits.
    this.#double[0] = Number.isNaN(value) ? Number.NaN : value;
    for (const word of this.#wordsOfDouble) this.#word(word);
  }

  #text(text: string): void {
    this.#word(text.length);
    for (let index = 0; index < text.length; index += 1) this.#word(text.charCodeAt(index));
  }

  #word(word: number): void {
    const a = Math.imul(this.#a ^ word, PRIME_A);
    this.#a = a ^ (a >>> 15);
    this.#b = (Math.imul(this.#b ^ word, PRIME_B) + (this.#b >>> 13)) | 0;
  }
}
