/**
 * Runs in Chromium, beside hashes that Node has worked out just before.
 */
import { consistencyLevels } from '@stormglass/core';
import { expect, inject, test } from 'vitest';
import { simulatedHashes } from '../../testkit/simulated-hashes.ts';

test('this is a page and not Node', () => {
  expect('document' in globalThis).toBe(true);
  expect(inject('nodeVersion')).toMatch(/^v\d+\./u);
  expect(globalThis.process?.version).not.toBe(inject('nodeVersion'));
});

test('every seed gives the same history in a page as in Node, at every level', async () => {
  const here = await simulatedHashes();
  expect(new Set(Object.values(here)).size).toBeGreaterThan(consistencyLevels.length);
  expect(here).toEqual(inject('hashesInNode'));
});
