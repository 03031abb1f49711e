// What crosses the live stream changes only together with its version number.
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { down } from './down.ts';
import { PROTOCOL_VERSION } from './protocol-version.ts';
import { up } from './up.ts';

/**
 * Version → the hash of its schemas. When this test fails, the schemas have changed: raise `PROTOCOL_VERSION`, say in
 * its history what changed, and add a line here. Never change a line.
 */
const fingerprints: Readonly<Record<number, string>> = {
  1: '8c89ef253013f9dc',
};

const fingerprint = (): string =>
  createHash('sha256')
    .update(JSON.stringify([z.toJSONSchema(up), z.toJSONSchema(down)]))
    .digest('hex')
    .slice(0, 16);

test('[WIRE1] the schemas of the live stream are those of this protocol version', () => {
  expect(fingerprint()).toBe(fingerprints[PROTOCOL_VERSION]);
});

test('[WIRE1] every protocol version has a fingerprint of its own, and this is the newest', () => {
  const versions = Object.keys(fingerprints).map(Number);
  expect(new Set(Object.values(fingerprints)).size).toBe(versions.length);
  expect(Math.max(...versions)).toBe(PROTOCOL_VERSION);
});
