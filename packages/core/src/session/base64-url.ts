/**
 * Text to URL-safe base64 of its UTF-8 bytes and back, without padding (RFC 4648 section 5).
 * Written out because neither `Buffer` nor `btoa` nor `TextEncoder` is part of the language.
 */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** By character code. */
const VALUES: (number | undefined)[] = Array.from({ length: 128 }, () => undefined);
for (let value = 0; value < ALPHABET.length; value += 1) {
  VALUES[ALPHABET.charCodeAt(value)] = value;
}

/** Lone surrogates have no UTF-8 form; `JSON.stringify` escapes them, so its output is always safe here. */
export function toBase64Url(text: string): string {
  const bytes = utf8Of(text);
  let encoded = '';
  let at = 0;
  for (; at + 3 <= bytes.length; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    encoded += characterPair(group >> 12) + characterPair(group & 0xfff);
  }
  const [last, lastOfTwo] = [bytes[at], bytes[at + 1]];
  if (last === undefined) return encoded;
  if (lastOfTwo === undefined) return encoded + characterPair(last << 4);
  const group = (last << 10) | (lastOfTwo << 2);
  return encoded + characterPair(group >> 6) + ALPHABET.charAt(group & 63);
}

/** Two characters for each number of 12 bits: half as many texts to put together. */
const PAIRS = Array.from(
  { length: 64 * 64 },
  (_, bits) => ALPHABET.charAt(bits >> 6) + ALPHABET.charAt(bits & 63),
);

const characterPair = (bits: number): string => PAIRS[bits] ?? '';

/** `undefined` when the text is not what {@link toBase64Url} writes. */
export function fromBase64Url(encoded: string): string | undefined {
  const bytes: number[] = [];
  let bits = 0;
  let bitCount = 0;
  for (let at = 0; at < encoded.length; at += 1) {
    const value = VALUES[encoded.charCodeAt(at)];
    if (value === undefined) return undefined;
    bits = ((bits << 6) | value) & 0xffff;
    bitCount += 6;
    if (bitCount < 8) continue;
    bitCount -= 8;
    bytes.push((bits >> bitCount) & 0xff);
  }
  const text = textOf(bytes);
  return text !== undefined && toBase64Url(text) === encoded ? text : undefined;
}

function utf8Of(text: string): readonly number[] {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const point = text.codePointAt(at) ?? 0;
    if (point < 0x80) {
      bytes.push(point);
      continue;
    }
    // Two of its units are one character.
    if (point > 0xffff) at += 1;
    const tail = (shift: number) => 0x80 | ((point >> shift) & 0x3f);
    if (point < 0x800) bytes.push(0xc0 | (point >> 6), tail(0));
    else if (point < 0x1_0000) bytes.push(0xe0 | (point >> 12), tail(6), tail(0));
    else bytes.push(0xf0 | (point >> 18), tail(12), tail(6), tail(0));
  }
  return bytes;
}

/** Over-long and cut-off forms come out as another text, which encodes differently: the caller compares. */
function textOf(bytes: readonly number[]): string | undefined {
  let text = '';
  let at = 0;
  while (at < bytes.length) {
    const lead = bytes[at] ?? 0;
    const tails = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    let point = tails === 0 ? lead : lead & (0x3f >> tails);
    for (let place = 1; place <= tails; place += 1) {
      point = (point << 6) | ((bytes[at + place] ?? 0) & 0x3f);
    }
    if (point > 0x10_ffff) return undefined;
    text += String.fromCodePoint(point);
    at += 1 + tails;
  }
  return text;
}
