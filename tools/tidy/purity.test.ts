import { describe, expect, test } from 'vitest';
import { isCoreSource, purityProblems } from './purity.ts';
import { repositoryFiles } from './repository.ts';

test('core has no way around the linter and the import table', () => {
  const files = repositoryFiles().filter((file) => isCoreSource(file.path));
  expect(files.length).toBeGreaterThan(50);
  expect(files.flatMap((file) => purityProblems(file.path, file.text))).toEqual([]);
});

describe('ways around are found', () => {
  const ways = [
    "const fs = await import('node:' + 'fs');",
    "const fs = require('node:fs');",
    "import fs = require('node:fs');",
    '/// <reference types="node" />',
    'declare const process: { now(): number };',
    '  declare global { const now: number; }',
    'const here = import.meta.url;',
    "const now = eval('Da' + 'te.now()');",
    "const now = new Function('return 1')();",
    'const { random } = Math;',
    "const one = Math['random']();",
    'a.localeCompare(b)',
    'text.toLocaleUpperCase()',
    '// oxlint-disable-next-line no-restricted-globals',
    '/* eslint-disable */',
  ];
  test.each(ways)('%s', (text) => {
    expect(purityProblems('x.ts', text)).toHaveLength(1);
  });
});

test('comments may name anything, and Math may be used', () => {
  const text =
    '/** import(x), eval */\n// declare Math itself\nconst a = Math.max(1, 2); // eval\n';
  expect(purityProblems('x.ts', text)).toEqual([]);
});
