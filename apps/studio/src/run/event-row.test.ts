import { eventKinds, type EventRecord } from '@stormglass/core';
import { expect, test } from 'vitest';
import { eventGroups, eventRowOf, isInGroup } from './event-row.ts';

const of = {
  seq: 1,
  at: 1,
  invocation: 'i',
  attempt: 1,
  worker: 'w1',
  executor: 'w1/e1',
  node: 'a',
};

test('a read says where it came from, a write how large it was', () => {
  const read: EventRecord = {
    kind: 'cache.read',
    ...of,
    key: 'k',
    outcome: 'upstream',
    version: { 'w2.1': 1 },
    siblings: 2,
    rule: 'causal/fetch-upstream',
    because: 'b',
    from: 'w2',
    bytes: 10,
    durationUs: 2_140,
  };
  expect(eventRowOf(read)).toEqual({
    mark: 'upstream',
    node: 'a',
    key: 'k',
    version: { 'w2.1': 1 },
    sentence: 'Read: upstream from cache w2, 2.1 ms, 2 concurrent values',
  });
  const write: EventRecord = {
    kind: 'cache.write',
    ...of,
    key: 'k',
    version: { 'w2.1': 2 },
    dependencies: {},
    operation: 'put',
    bytes: 2_048,
  };
  expect(eventRowOf(write)).toMatchObject({ mark: 'write', sentence: 'Written, 2.0 KB' });
  expect(eventRowOf(write, true)).toMatchObject({
    mark: 'uncommitted',
    sentence: 'Written, 2.0 KB, not committed',
  });
});

test('a trigger says what travels', () => {
  expect(
    eventRowOf({
      kind: 'function.triggered',
      ...of,
      from: 'a',
      to: 'b',
      bytes: 90,
      readSet: { k: { version: { 'w1.1': 1 }, cache: 'w1' } },
      dependencies: { k: { 'w1.1': 1 }, l: { 'w1.1': 1 } },
    }),
  ).toEqual({
    node: 'a',
    sentence: 'Result to b: 90 B, session carries 1 read and 2 dependencies',
  });
});

test('what is left out is told in numbers', () => {
  expect(
    eventRowOf({ kind: 'events.omitted', ...of, reads: 390_000, writes: 1, messages: 0 }),
  ).toEqual({ node: 'a', sentence: 'Counted, but not told one by one: 390,000 reads and 1 write' });
});

test('every kind is in exactly one group', () => {
  const groups = Object.values(eventGroups).flat();
  expect(groups.toSorted()).toEqual([...eventKinds].toSorted());
  expect(isInGroup({ kind: 'log', ...of, level: 'info', text: 'x' }, 'logs')).toBe(true);
  expect(isInGroup({ kind: 'log', ...of, level: 'info', text: 'x' }, 'reads')).toBe(false);
});
