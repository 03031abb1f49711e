// What crosses the live stream changes only together with its version number.
import { expect, test } from 'vitest';
import * as z from 'zod';
import { down } from './down.ts';
import { PROTOCOL_VERSION } from './protocol-version.ts';
import { up } from './up.ts';

/**
 * Version → the hash of its schemas. When this test fails, the schemas have changed: raise
 * `PROTOCOL_VERSION`, say in its history what changed, and add a line here. Never change a line.
 */
const fingerprints: Readonly<Record<number, string>> = {
  1: '00dd8b69',
  2: '02e5a7b1',
  3: 'abdd8b44',
  4: '841f4b4b',
};

/** FNV-1a over UTF-16 code units. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}

const fingerprint = (): string =>
  hashOf(JSON.stringify([z.toJSONSchema(up), z.toJSONSchema(down)]));

test('[WIRE1] the schemas of the live stream are those of this protocol version', () => {
  expect(fingerprint()).toBe(fingerprints[PROTOCOL_VERSION]);
});

test('[WIRE1] every protocol version has a fingerprint of its own, and this is the newest', () => {
  const versions = Object.keys(fingerprints).map(Number);
  expect(new Set(Object.values(fingerprints)).size).toBe(versions.length);
  expect(Math.max(...versions)).toBe(PROTOCOL_VERSION);
});
