import { expect, test } from 'vitest';
import { matchEntries } from './palette-entries.ts';
import type { EntryKind } from './palette-entries.ts';

const entry = (kind: EntryKind, title: string) => ({ kind, title, run: () => undefined });

const entries = [
  entry('DAG', 'Open weather'),
  entry('level', 'Causal'),
  entry('level', 'Causal cut'),
  entry('function', 'Add rankMonths'),
  entry('node', 'Go to rank'),
  entry('command', 'Run'),
  entry('command', 'Tidy up'),
];

const titles = (text: string) => matchEntries(entries, text).map(({ title }) => title);

test('nothing typed: commands first', () => {
  expect(titles('').slice(0, 3)).toStrictEqual(['Run', 'Tidy up', 'Go to rank']);
});

test('beginnings win over words inside, words over letters', () => {
  expect(titles('r')).toStrictEqual(['Run', 'Go to rank', 'Add rankMonths', 'Open weather']);
});

test('every word counts, in any order, and the kind is a word too', () => {
  expect(titles('cut causal')).toStrictEqual(['Causal cut']);
  expect(titles('dag')).toStrictEqual(['Open weather']);
  expect(titles('level causal')).toStrictEqual(['Causal', 'Causal cut']);
});

test('what nothing is called finds nothing', () => {
  expect(titles('xyzzy')).toStrictEqual([]);
});
