/**
 * A Codec without any package behind it: canonical text, two bytes a character. For the simulated
 * disk, where equal values have to give equal bytes in every host and size does not matter.
 */
import { assert } from '@stormglass/core';
import type { Codec } from '../../ports/codec.ts';
import { canonicalText } from './plain-data.ts';

/** `parse` tells what was stored from what was not; it throws on anything else. */
export function plainDataCodec<T>(parse: (data: unknown) => T): Codec<T> {
  return {
    encode: (value) => bytesOfText(canonicalText(value)),
    decode: (bytes) => parse(JSON.parse(textOfBytes(bytes), restore)),
  };
}

function bytesOfText(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    bytes[2 * index] = unit >>> 8;
    bytes[2 * index + 1] = unit & 0xff;
  }
  return bytes;
}

function textOfBytes(bytes: Uint8Array): string {
  assert(bytes.length % 2 === 0, `Not bytes of this codec: ${bytes.length} of them`);
  const characters: string[] = [];
  for (let index = 0; index < bytes.length; index += 2) {
    characters.push(String.fromCharCode(((bytes[index] ?? 0) << 8) | (bytes[index + 1] ?? 0)));
  }
  return characters.join('');
}

const isPairs = (value: unknown): value is [unknown, unknown][] =>
  Array.isArray(value) && value.every((pair) => Array.isArray(pair) && pair.length === 2);

function restore(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('$map' in value && isPairs(value.$map)) return new Map(value.$map);
  if ('$set' in value && Array.isArray(value.$set)) return new Set<unknown>(value.$set);
  if ('$bytes' in value && Array.isArray(value.$bytes)) return Uint8Array.from(value.$bytes);
  if ('$number' in value) return Number(value.$number);
  return value;
}
