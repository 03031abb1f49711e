/**
 * A Codec that keeps the value and gives the place where it is kept for its bytes. For the simulated
 * disk where speed matters more than what a schema or a text would show.
 */
import { assert } from '@stormglass/core';
import type { Codec } from '../../ports/codec.ts';

const PLACE_BYTES = 4;

/** What one of these has encoded, only the same one decodes. Values must not change afterwards. */
export function keptDataCodec<T>(): Codec<T> {
  const kept: T[] = [];
  return {
    encode: (value) => {
      let rest = kept.push(value) - 1;
      // Byte by byte: asking for the buffer would move so few bytes out of the heap.
      const bytes = new Uint8Array(PLACE_BYTES);
      for (let at = 0; at < PLACE_BYTES; at += 1) {
        bytes[at] = rest & 0xff;
        rest >>>= 8;
      }
      return bytes;
    },
    decode: (bytes) => {
      let place = 0;
      for (let at = PLACE_BYTES - 1; at >= 0; at -= 1) place = (place << 8) | (bytes[at] ?? 0);
      const value = kept[place];
      assert(value !== undefined, () => `Nothing was kept at ${place}`);
      return value;
    },
  };
}
