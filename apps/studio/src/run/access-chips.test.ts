import { expect, test } from 'vitest';
import { accessStripOf, versionBefore, CHIPS_MAX } from './access-chips.ts';
import type { ReadRecord, WriteRecord } from './node-run.ts';
import { keyParts, markOfRead, outcomeWord, sourceWords } from './read-outcome.ts';

const of = { invocation: 'i', attempt: 1, worker: 'w1', node: 'a' };
const read = (seq: number, key = `k${seq}`, version = { 'w1.1': seq }): ReadRecord => ({
  kind: 'cache.read',
  ...of,
  seq,
  at: seq,
  key,
  outcome: 'hit',
  version,
  siblings: 1,
  rule: 'lww/local',
  because: '',
  bytes: 1,
  durationUs: 1,
});
const write = (seq: number, key = `k${seq}`): WriteRecord => ({
  kind: 'cache.write',
  ...of,
  seq,
  at: seq,
  key,
  version: { 'w1.1': seq },
  dependencies: {},
  operation: 'put',
  bytes: 1,
});

const reads = (count: number) => Array.from({ length: count }, (_, index) => read(index + 1));
const writes = (count: number, from: number) =>
  Array.from({ length: count }, (_, index) => write(from + index));

test.each([
  [0, 0],
  [2, 1],
  [4, 0],
  [9, 0],
  [9, 9],
  [0, 9],
  [1, 9],
  [4, 1],
])('%i reads and %i writes: nothing is lost from the counts', (readCount, writeCount) => {
  const strip = accessStripOf({ reads: reads(readCount), writes: writes(writeCount, 100) });
  expect(strip.shown.length).toBe(Math.min(CHIPS_MAX, readCount + writeCount));
  expect(strip.shown.length + strip.hiddenReads + strip.hiddenWrites).toBe(readCount + writeCount);
  if (writeCount > 0) expect(strip.shown.some(({ kind }) => kind === 'cache.write')).toBe(true);
  if (readCount > 0) expect(strip.shown.some(({ kind }) => kind === 'cache.read')).toBe(true);
});

test('chips stand in the order in which things happened', () => {
  const strip = accessStripOf({ reads: [read(1), read(5)], writes: [write(3)] });
  expect(strip.shown.map(({ seq }) => seq)).toEqual([1, 3, 5]);
});

test('a version is drawn against the last one that this node knew of the key', () => {
  const run = { reads: [read(1, 'k'), read(2, 'other'), read(4, 'k')], writes: [write(3, 'k')] };
  expect(versionBefore(run, run.reads[2]!)).toEqual({ 'w1.1': 3 });
  expect(versionBefore(run, run.reads[0]!)).toBeUndefined();
  expect(versionBefore(run, { ...write(9, 'k'), before: { 'w2.1': 7 } })).toEqual({ 'w2.1': 7 });
});

test('a hit on the pinned version and an own write are told apart from a plain hit', () => {
  expect(markOfRead(read(1))).toBe('hit');
  const pinned: ReadRecord = { ...read(1), rule: 'causal/pinned' };
  expect([markOfRead(pinned), outcomeWord(pinned)]).toEqual(['pinned', 'pinned']);
  expect(outcomeWord({ ...read(1), rule: 'session/own-write' })).toBe('own write');
  const upstream: ReadRecord = { ...read(1), outcome: 'upstream', from: 'w2' };
  expect([markOfRead(upstream), sourceWords(upstream)]).toEqual(['upstream', 'from cache w2']);
});

test('a key is told apart from its family by its end', () => {
  expect(keyParts('posts:ann')).toEqual({ family: 'posts:', own: 'ann' });
  expect(keyParts('weather:seattle:2012')).toEqual({ family: 'weather:seattle:', own: '2012' });
  expect(keyParts('plain')).toEqual({ family: '', own: 'plain' });
  expect(keyParts('ends:with:')).toEqual({ family: 'ends:', own: 'with:' });
});
