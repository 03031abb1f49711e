import { expect, test } from 'vitest';
import { HashRing } from './hash-ring.ts';

const keys = Array.from({ length: 5_000 }, (_, index) => `key-${index}`);

test('[STO1] a ring made twice gives every key the same owner', () => {
  const [a, b] = [new HashRing(['s1', 's2', 's3']), new HashRing(['s1', 's2', 's3'])];
  for (const key of keys) expect(a.ownerOf('user', key)).toBe(b.ownerOf('user', key));
});

test('[STO1] a new node takes keys, and no key moves between the old ones', () => {
  const [before, after] = [new HashRing(['s1', 's2']), new HashRing(['s1', 's2', 's3'])];
  const moved = keys.filter((key) => before.ownerOf('user', key) !== after.ownerOf('user', key));
  expect(moved.length).toBeGreaterThan(0);
  expect(new Set(moved.map((key) => after.ownerOf('user', key)))).toEqual(new Set(['s3']));
});

test('[STO1] shares add up to the whole ring and follow the keys', () => {
  const ring = new HashRing(['s1', 's2']);
  expect(ring.shareOf('s1') + ring.shareOf('s2')).toBeCloseTo(1, 9);
  const owned = keys.filter((key) => ring.ownerOf('user', key) === 's1').length / keys.length;
  expect(Math.abs(owned - ring.shareOf('s1'))).toBeLessThan(0.05);
});
