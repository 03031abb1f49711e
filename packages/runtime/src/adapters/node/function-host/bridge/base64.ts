/**
 * Bytes as base64 text and back.
 */
import { apply, Bytes, charCodeAt, fromCharCode, lengthOf, list } from './primordials.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const PADDING = 61;
/**
 * Bytes turned into text at once; a multiple of three, and few enough to be arguments of one call.
 */
const CHUNK = 6_144;

const codeOf = new Bytes(64);
const valueOf = new Bytes(128);
for (let index = 0; index < 128; index += 1) valueOf[index] = 255;
for (let index = 0; index < 64; index += 1) {
  const code = charCodeAt(ALPHABET, index);
  codeOf[index] = code;
  valueOf[code] = index;
}

function encodeChunk(bytes: Uint8Array, start: number, end: number): string {
  const codes = list<number>();
  let next = 0;
  for (let index = start; index < end; index += 3) {
    const second = bytes[index + 1] ?? 0;
    const third = bytes[index + 2] ?? 0;
    const group = ((bytes[index] ?? 0) << 16) | (second << 8) | third;
    codes[next] = codeOf[group >> 18] ?? 0;
    codes[next + 1] = codeOf[(group >> 12) & 63] ?? 0;
    codes[next + 2] = index + 1 < end ? (codeOf[(group >> 6) & 63] ?? 0) : PADDING;
    codes[next + 3] = index + 2 < end ? (codeOf[group & 63] ?? 0) : PADDING;
    next += 4;
  }
  return apply(fromCharCode, undefined, codes);
}

export function toBase64(bytes: Uint8Array): string {
  const length = lengthOf(bytes);
  let text = '';
  for (let start = 0; start < length; start += CHUNK) {
    const end = start + CHUNK < length ? start + CHUNK : length;
    text += encodeChunk(bytes, start, end);
  }
  return text;
}

/** `undefined` when the text is not base64. */
export function fromBase64(text: string): Uint8Array | undefined {
  let { length } = text;
  if (length % 4 !== 0) return undefined;
  while (length > text.length - 2 && length > 0 && charCodeAt(text, length - 1) === PADDING) {
    length -= 1;
  }
  const bytes = new Bytes((length * 3) >> 2);
  let group = 0;
  let bits = 0;
  let next = 0;
  for (let index = 0; index < length; index += 1) {
    const value = valueOf[charCodeAt(text, index)] ?? 255;
    if (value === 255) return undefined;
    group = ((group << 6) | value) & 0xff_ff_ff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[next] = (group >> bits) & 255;
      next += 1;
    }
  }
  return bytes;
}
