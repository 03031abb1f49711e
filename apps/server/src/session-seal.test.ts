// Tokens that the server made are opened, by it and by the next one on its data; others are not.
import { memoryStore } from '@stormglass/runtime/testkit';
import { expect, test } from 'vitest';
import { SessionSeal } from './session-seal.ts';

const TOKEN = 'WzIsWyJ3Mi4xIl0sW1sidGsiLDAsMV1dLFtbInRrIl1dXQ';

test('a sealed token is opened, also by the next server on the same data', async () => {
  const store = memoryStore();
  const sealed = (await SessionSeal.open(store)).seal(TOKEN);
  const next = await SessionSeal.open(store);
  expect(next.unseal(sealed)).toBe(TOKEN);
  expect(next.seal(TOKEN)).toBe(sealed);
});

test('what was changed, cut off, made up or sealed elsewhere is not opened', async () => {
  const seal = await SessionSeal.open(memoryStore());
  const elsewhere = await SessionSeal.open(memoryStore());
  const sealed = seal.seal(TOKEN);
  const places = Array.from({ length: sealed.length }, (_, index) => index);
  const changed = places.map((at) => {
    const other = sealed[at] === 'A' ? 'B' : 'A';
    return `${sealed.slice(0, at)}${other}${sealed.slice(at + 1)}`;
  });
  const cut = places.map((at) => sealed.slice(0, at));
  for (const text of [
    ...changed,
    ...cut,
    `${sealed}A`,
    TOKEN,
    'é'.repeat(30),
    elsewhere.seal(TOKEN),
  ]) {
    expect(seal.unseal(text)).not.toBe(TOKEN);
    expect(seal.unseal(text)).toBe('.');
  }
});

test('an answer without a session stays without one', async () => {
  const seal = await SessionSeal.open(memoryStore());
  expect(seal.seal('')).toBe('');
  expect(seal.unseal('')).toBe('.');
});
