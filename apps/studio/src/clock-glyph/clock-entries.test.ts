import { expect, test } from 'vitest';
import {
  clockDifferencesOf,
  clockEntriesOf,
  clockWords,
  compareVersions,
  hybridTimeText,
  sentenceWithTimes,
  shortHybridTimeText,
  tellingEntries,
} from './clock-entries.ts';

const at = (hours: number, minutes: number, seconds: number, ms: number, logical = 0) =>
  new Date(2026, 10, 23, hours, minutes, seconds, ms).getTime() * 4_096 + logical;

const inline = (version: Record<string, number>, before?: Record<string, number>) =>
  clockEntriesOf(version, before).map(
    (entry) => `${entry.label}·${entry.countText}${entry.isNewest ? '_' : ''}`,
  );

test('writers come in counting order, zeros are left out, the newest is marked', () => {
  expect(inline({ 'w10.1': 1, 'w2.1': 3, 'w1.1': 0 }, { 'w2.1': 2, 'w10.1': 1 })).toEqual([
    'w2·3_',
    'w10·1',
  ]);
});

test('two writers of one worker keep their whole names', () => {
  expect(inline({ 'w1.1': 4, 'w1.2': 1, 'w2.1-2': 5 })).toEqual(['w1.1·4', 'w1.2·1', 'w2·5']);
});

test('an LWW entry is a clock time, not a 16-digit number', () => {
  expect(hybridTimeText(at(9, 5, 7, 12))).toBe('09:05:07.012');
  expect(hybridTimeText(at(9, 5, 7, 12, 3))).toBe('09:05:07.012+3');
  expect(shortHybridTimeText(at(9, 5, 7, 12, 3))).toBe('05:07.012');
  expect(inline({ lww: at(9, 5, 7, 12), 'w1.1': 2 })).toEqual(['last write·09:05:07.012', 'w1·2']);
});

test('a sentence says the time of an LWW write, other numbers stay', () => {
  expect(sentenceWithTimes(`w1 holds k {lww:${at(9, 5, 7, 12)},w1.2:6}.`)).toBe(
    'w1 holds k {last write 09:05:07.012,w1.2:6}.',
  );
});

test('a writer named __proto__ is a writer', () => {
  const version = JSON.parse('{"__proto__": 2}') as Record<string, number>;
  expect(inline(version)).toEqual(['__proto__·2']);
  expect(compareVersions(version, {})).toBe('after');
});

test('words for screen readers', () => {
  expect(clockWords({})).toBe('absent, no version');
  expect(clockWords({ 'w1.1': 3, 'w2.1': 1 })).toBe('version w1 3, w2 1');
  expect(clockWords({ lww: at(9, 5, 7, 12) })).toBe('version last written at 09:05:07.012');
});

test('of very many writers the first are said, and how many more there are', () => {
  const version = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`w1.1-${n}`, 1]));
  expect(clockWords(version)).toMatch(/^version w1\.1-0 1, .* and 988 more writers$/u);
});

test('two versions compare in four ways', () => {
  expect(compareVersions({ a: 1 }, { a: 1, b: 0 })).toBe('same');
  expect(compareVersions({ a: 1 }, { a: 2 })).toBe('before');
  expect(compareVersions({ a: 2, b: 1 }, { a: 2 })).toBe('after');
  expect(compareVersions({ a: 2 }, { a: 1, b: 1 })).toBe('concurrent');
});

test('differences name the writer that decides', () => {
  expect(clockDifferencesOf({ 'w1.1': 3, 'w2.1': 1 }, { 'w1.1': 3, 'w2.1': 2 })).toEqual([
    { writer: 'w1.1', count: '3', reference: '3', difference: 'same', isDeciding: false },
    { writer: 'w2.1', count: '1', reference: '2', difference: '−1', isDeciding: true },
  ]);
  expect(clockDifferencesOf({ lww: at(9, 0, 2, 0) }, { lww: at(9, 0, 0, 500) })[0]).toMatchObject({
    difference: '+1.5 s',
  });
  expect(clockDifferencesOf({ lww: at(9, 0, 0, 0) }, {})[0]).toMatchObject({
    reference: '–',
    difference: 'only here',
  });
});

test('where there is room for few, what was added stays, then counts, then who wrote most', () => {
  const version = { lww: at(9, 0, 0, 0), 'w1.1': 4, 'w1.3': 2, 'w2.1': 20 };
  const telling = (max: number, before?: Record<string, number>) =>
    tellingEntries(clockEntriesOf(version, before), max).map(({ writer }) => writer);
  expect(telling(1, { ...version, 'w1.3': 1 })).toEqual(['w1.3']);
  expect(telling(1)).toEqual(['w2.1']);
  expect(telling(2)).toEqual(['w1.1', 'w2.1']);
  expect(telling(4)).toEqual(['lww', 'w1.1', 'w1.3', 'w2.1']);
});
