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
      const bytes = new Uint8Array(PLACE_BYTES);
      new DataView(bytes.buffer).setUint32(0, kept.push(value) - 1);
      return bytes;
    },
    decode: (bytes) => {
      const place = new DataView(bytes.buffer, bytes.byteOffset, PLACE_BYTES).getUint32(0);
      const value = kept[place];
      assert(value !== undefined, () => `Nothing was kept at ${place}`);
      return value;
    },
  };
}
