import { expect, test } from 'vitest';
import type { ReadRecord } from '../run/node-run.ts';
import { argumentRowsOf } from './argument-source.ts';
import { consideredOf } from './considered.ts';

const read: ReadRecord = {
  kind: 'cache.read',
  seq: 1,
  at: 1,
  invocation: 'i',
  attempt: 1,
  worker: 'w1',
  node: 'a',
  key: 'audience',
  outcome: 'upstream',
  version: { o: 1, a: 2 },
  siblings: 1,
  rule: 'causal/fetch-upstream',
  because: 'b',
  required: { o: 1 },
  found: { a: 2 },
  from: 'w2',
  bytes: 1,
  durationUs: 1,
};

test('a refused local version and the upstream that was taken', () => {
  expect(consideredOf(read)).toEqual([
    {
      where: 'cache w1',
      mark: 'refused',
      isTaken: false,
      words: 'what it held and what was required: neither knows the other (∥)',
    },
    {
      where: 'cache w2',
      mark: 'upstream',
      isTaken: true,
      words: 'holds the version that is needed',
    },
  ]);
  expect(consideredOf({ ...read, found: { o: 0 } })[0]?.words).toBe(
    'what it held is older than required (≺)',
  );
});

test('a hit considers nothing else', () => {
  const hit: ReadRecord = { ...read, outcome: 'hit', rule: 'lww/local', required: undefined };
  expect(consideredOf(hit).map(({ where, isTaken }) => [where, isTaken])).toEqual([
    ['cache w1', true],
  ]);
});

test('a first miss held nothing', () => {
  const miss: ReadRecord = {
    ...read,
    outcome: 'miss',
    rule: 'lww/store',
    found: undefined,
    from: 's1',
  };
  expect(consideredOf(miss).map(({ words }) => words)).toEqual([
    'held no version of the key',
    'asked, because no cache could serve it',
  ]);
});

test('each argument says where it came from, and what has not arrived is awaited', () => {
  const edges = [
    { from: 'inc', to: 'sq', parameter: 'x' },
    { from: 'other', to: 'sq', parameter: 'y' },
    { from: 'inc', to: 'else', parameter: 'z' },
  ];
  expect(argumentRowsOf('sq', { arguments: { x: '5', by: '{"a":1}' } }, edges)).toEqual([
    { parameter: 'x', text: '5', source: 'result of inc', from: 'inc' },
    { parameter: 'by', text: '{\n  "a": 1\n}', source: 'given to the run', from: undefined },
    { parameter: 'y', text: undefined, source: 'result of other', from: 'other' },
  ]);
});
