/**
 * Values as they lie on disk: a format byte, then MessagePack with field names, so that a later
 * version can read them. What is read is parsed: a damaged file is an error, never a wrong value.
 */
import { assert } from '@stormglass/core';
import { Packr } from 'msgpackr';
import type { Codec } from '../../ports/codec.ts';

const FORMAT = 1;

/** @param parse throws on anything but a `T` */
export const storedCodec = <T>(parse: (value: unknown) => T): Codec<T> => {
  // Every value carries the field names of its objects, so each can be read alone. Maps stay Maps.
  const packr = new Packr({ useRecords: true, mapsAsObjects: false, moreTypes: true });
  return {
    encode: (value) => Buffer.concat([Buffer.of(FORMAT), packr.pack(value)]),
    decode: (bytes) => {
      const format = bytes[0];
      assert(
        format === FORMAT,
        `A stored value has format ${format}, this version knows ${FORMAT}`,
      );
      return parse(packr.unpack(bytes.subarray(1)));
    },
  };
};
