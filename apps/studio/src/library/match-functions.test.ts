import type { FunctionSummary } from '@stormglass/core';
import { expect, test } from 'vitest';
import { matchFunctions } from './match-functions.ts';

const summary = (name: string, ...parameters: string[]): FunctionSummary => ({
  name,
  version: 1,
  language: 'javascript',
  parameters,
  optional: [],
  usesCloud: false,
  timeoutMs: 1_000,
  memoryMb: 64,
});

test('names that begin with the text, then names that contain it, then parameters', () => {
  const all = [summary('unread'), summary('rank', 'reader'), summary('readAll'), summary('square')];
  expect(matchFunctions(all, ' Read').map(({ name }) => name)).toStrictEqual([
    'readAll',
    'unread',
    'rank',
  ]);
});

test('no text is everything, by name', () => {
  const all = [summary('b'), summary('a')];
  expect(matchFunctions(all, '').map(({ name }) => name)).toStrictEqual(['a', 'b']);
});
