import { EMPTY_CLOCK, NO_DEPENDENCIES, registerOf } from '@stormglass/core';
import { expect, test } from 'vitest';
import type { GotEntry, SeenEntry } from './history.ts';
import { UnaskedReads } from './unasked-reads.ts';

const place = { atUs: 5, invocation: 'i1', attempt: 1, node: 'n' };
const write = {
  writer: 'w1.1',
  counter: 3,
  timestamp: 3,
  context: EMPTY_CLOCK,
  dependencies: NO_DEPENDENCIES,
  value: '"x"',
};
const got: GotEntry = {
  ...place,
  kind: 'got',
  key: 'k',
  isTogether: false,
  capsule: registerOf(write),
};
const seen = (value: string | undefined, key = 'k'): SeenEntry => ({
  kind: 'seen',
  atUs: 9,
  call: 'w1/e1#i1.1.n',
  operation: 'get',
  keys: [key],
  values: [value],
});

test('what a cache has answered is no read of its own; what nobody was asked for is one', () => {
  const reads = new UnaskedReads(({ writer, counter }) => `${writer} ${counter}`);
  expect(reads.onEntry(got)).toEqual([]);
  expect(reads.onEntry(seen('"x"'))).toEqual([]);
  const [again] = reads.onEntry(seen('"x"'));
  expect(again).toEqual([
    { ...place, atUs: 9 },
    { kind: 'read', atUs: 9, key: 'k', isPick: true, isTogether: false, values: ['w1.1 3'] },
  ]);
  expect(reads.onEntry(seen(undefined, 'other'))[0]?.[1]).toMatchObject({ values: [] });
  expect(reads.onEntry(seen('4', 'other'))[0]?.[1]).toMatchObject({ state: 4 });
});
