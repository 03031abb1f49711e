/**
 * Keys of the durable store as bytes, in the order of `compareTexts` (UTF-16 code units) and
 * without loss: each code unit is written as UTF-8 would write it, surrogates one by one.
 */
import { createHash } from 'node:crypto';

/**
 * LMDB takes keys of 1,978 bytes. Longer ones are cut here and told apart by a digest of the rest.
 */
export const WHOLE_KEY_BYTES_MAX = 1_900;

const surrogate = /[\uD800-\uDFFF]/;
/** The first byte of every code unit from U+D000 on, surrogates among them. */
const SURROGATE_LEAD = 0xed;

export function encodeKey(key: string): Buffer {
  if (!surrogate.test(key)) return Buffer.from(key, 'utf8');
  const bytes: number[] = [];
  for (let index = 0; index < key.length; index += 1) {
    const unit = key.charCodeAt(index);
    if (unit < 0x80) bytes.push(unit);
    else if (unit < 0x800) bytes.push(0xc0 | (unit >> 6), 0x80 | (unit & 0x3f));
    else bytes.push(0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f));
  }
  return Buffer.from(bytes);
}

export function decodeKey(bytes: Buffer): string {
  if (!bytes.includes(SURROGATE_LEAD)) return bytes.toString('utf8');
  let key = '';
  for (let index = 0; index < bytes.length;) {
    const lead = bytes.readUInt8(index);
    const extra = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : 2;
    let unit = extra === 0 ? lead : lead & (extra === 1 ? 0x1f : 0x0f);
    for (const byte of bytes.subarray(index + 1, index + 1 + extra))
      unit = (unit << 6) | (byte & 0x3f);
    key += String.fromCharCode(unit);
    index += 1 + extra;
  }
  return key;
}

export const isCut = (storedKey: Buffer): boolean => storedKey.length > WHOLE_KEY_BYTES_MAX;

/**
 * The key under which LMDB holds an encoded key. Cut keys keep their place among keys with another
 * start.
 */
export function storedKeyOf(encoded: Buffer): Buffer {
  if (encoded.length <= WHOLE_KEY_BYTES_MAX) return encoded;
  const rest = createHash('sha256').update(encoded.subarray(WHOLE_KEY_BYTES_MAX)).digest();
  return Buffer.concat([encoded.subarray(0, WHOLE_KEY_BYTES_MAX), rest]);
}
