// Counter, set, map and max: merges, deletes, epochs, and what they look like from outside.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { NO_DEPENDENCIES } from '../causality/dependencies.ts';
import { formatClock } from '../clock/vector-clock.ts';
import { applyMerge, type MergeStamp } from './apply-merge.ts';
import type { Capsule, CounterShare, MergeOperand } from './capsule.ts';
import {
  dependenciesOf,
  encodedBytes,
  newestTimestamp,
  siblingsOf,
  valueOf,
  versionOf,
} from './capsule-view.ts';
import { deletion } from './delete-capsule.ts';
import { compareCapsules, isMismatch, joinCapsules, relationOf } from './join-capsules.ts';
import { registerOf } from './register-capsule.ts';

const by = (
  writer: string,
  counter: number,
  timestamp: number,
  total?: CounterShare,
): MergeStamp => ({ writer, counter, timestamp, dependencies: NO_DEPENDENCIES, total });

function merged(held: Capsule | undefined, operand: MergeOperand, stamp: MergeStamp): Capsule {
  const capsule = applyMerge(held, operand, stamp);
  if (isMismatch(capsule)) throw new Error(`cannot merge into a ${capsule.mismatch.held}`);
  return capsule;
}

function join(...capsules: readonly Capsule[]): Capsule {
  return capsules.reduce((a, b) => {
    const joined = joinCapsules(a, b);
    if (isMismatch(joined)) throw new Error('kinds differ');
    return joined;
  });
}

const add = (amount: number): MergeOperand => ({ kind: 'counter', add: amount });

const register = registerOf({
  writer: 'w',
  timestamp: 1,
  context: new Map(),
  dependencies: NO_DEPENDENCIES,
  value: '1',
});

test('[LAT9] a counter is the sum of its increments, however they arrive', () => {
  const amounts = fc.array(
    fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: -9, max: 9 })),
    {
      minLength: 1,
      maxLength: 8,
    },
  );
  const schedule = fc.infiniteStream(fc.nat());
  fc.assert(
    fc.property(amounts, schedule, (all, draws) => {
      const published: Capsule[] = [];
      const lastOf = new Map<string, Capsule>();
      for (const [at, [writer, amount]] of all.entries()) {
        const last = lastOf.get(writer);
        const delta = merged(last, add(amount), by(writer, at + 1, at + 1));
        const capsule = last === undefined ? delta : join(last, delta);
        lastOf.set(writer, capsule);
        published.push(capsule);
      }
      const shuffled = [...published, ...published]
        .map((capsule) => ({ capsule, draw: draws.next().value }))
        .toSorted((a, b) => a.draw - b.draw)
        .map(({ capsule }) => capsule);
      const sum = all.reduce((total, [, amount]) => total + amount, 0);
      expect(valueOf(join(...shuffled))).toBe(JSON.stringify(sum));
    }),
  );
});

test('[LAT9] what a writer has not published yet counts when it says so', () => {
  const first = merged(undefined, add(2), by('a', 1, 1));
  const second = merged(undefined, add(3), by('a', 2, 2, { up: 2, down: 0 }));
  expect(valueOf(join(first, second))).toBe('5');
});

test('[LAT4] capsules of two kinds do not join, and a merge of another kind is refused', () => {
  const counter = merged(undefined, add(1), by('a', 1, 1));
  const mismatch = { mismatch: { held: 'counter', offered: 'register' } };
  expect(joinCapsules(counter, register)).toEqual(mismatch);
  expect(applyMerge(register, add(1), by('a', 1, 1))).toEqual({
    mismatch: { held: 'register', offered: 'counter' },
  });
  expect(compareCapsules(counter, register)).toBe('concurrent');
});

test('[LAT7] a delete absorbs merges that it has not seen, and a merge that saw it counts', () => {
  const before = merged(undefined, add(5), by('a', 1, 1));
  const gone = deletion(before, by('b', 1, 10));
  const unseen = merged(before, add(1), by('c', 1, 11));
  const deleted = join(before, unseen, gone);
  expect(valueOf(deleted)).toBeUndefined();
  expect(formatClock(versionOf(deleted))).toBe('{a:1,b:1,c:1}');
  const after = join(deleted, merged(deleted, add(7), by('a', 2, 12)));
  expect(valueOf(after)).toBe('7');
  expect(valueOf(join(after, before, unseen))).toBe('7');
});

test.each([
  { kind: 'counter', add: 1 },
  { kind: 'set', elements: ['1'] },
  { kind: 'map', fields: [['f', '1']] },
  { kind: 'max', max: 1 },
] as const)(
  '[LAT7] [LAT8] a deleted $kind has no value until something is merged again',
  (operand) => {
    const held = merged(undefined, operand, by('a', 1, 1));
    const value = valueOf(held);
    const gone = join(held, deletion(held, by('a', 2, 2)));
    expect(valueOf(gone)).toBeUndefined();
    expect(newestTimestamp(gone)).toBe(2);
    expect(valueOf(join(gone, merged(gone, operand, by('a', 3, 3))))).toBe(value);
  },
);

test('[LAT7] a second delete is newer than the first, whatever its clock says', () => {
  const held = merged(undefined, { kind: 'max', max: 3 }, by('a', 1, 1));
  const gone = deletion(held, by('a', 2, 100));
  const again = deletion(gone, by('b', 1, 5));
  expect(compareCapsules(gone, again)).toBe('before');
});

test('[LAT8] an empty set and an empty map are values', () => {
  expect(valueOf(merged(undefined, { kind: 'set', elements: [] }, by('a', 1, 1)))).toBe('[]');
  expect(valueOf(merged(undefined, { kind: 'map', fields: [] }, by('a', 1, 1)))).toBe('{}');
  expect(valueOf(merged(undefined, add(0), by('a', 1, 1)))).toBe('0');
});

test('[LAT10] of two writes to a field the larger (timestamp, writer) stays, in either order', () => {
  const field = (writer: string, timestamp: number, value: string) =>
    merged(undefined, { kind: 'map', fields: [['f', value]] }, by(writer, 1, timestamp));
  const [old, small, large] = [field('a', 1, '0'), field('a', 2, '1'), field('b', 2, '2')];
  expect(valueOf(join(old, small, large))).toBe('{"f":2}');
  expect(valueOf(join(large, small, old))).toBe('{"f":2}');
});

test('[VC3] a set has its elements sorted by text, a map its fields, __proto__ among them', () => {
  const set = merged(
    undefined,
    { kind: 'set', elements: ['"b"', '10', '"a"', '10'] },
    by('w', 1, 1),
  );
  expect(valueOf(set)).toBe('["a","b",10]');
  const map = merged(
    undefined,
    {
      kind: 'map',
      fields: [
        ['z', '1'],
        ['__proto__', '{"x":1}'],
        ['a"', 'null'],
      ],
    },
    by('w', 1, 1),
  );
  expect(valueOf(map)).toBe('{"__proto__":{"x":1},"a\\"":null,"z":1}');
});

test('max keeps the largest number', () => {
  const low = merged(undefined, { kind: 'max', max: -3 }, by('a', 1, 1));
  const high = merged(undefined, { kind: 'max', max: 2.5 }, by('b', 1, 1));
  expect(valueOf(join(low, high))).toBe('2.5');
  expect(valueOf(join(high, low))).toBe('2.5');
});

test('[LAT2] [LAT3] the relation of an incoming capsule to what a replica held', () => {
  const one = merged(undefined, { kind: 'set', elements: ['1'] }, by('a', 1, 1));
  const two = merged(undefined, { kind: 'set', elements: ['2'] }, by('b', 1, 1));
  const both = join(one, two);
  expect(relationOf(undefined, one)).toBe('new');
  expect(relationOf(one, one)).toBe('equal');
  expect(relationOf(one, { ...one })).toBe('equal');
  expect(relationOf(one, both)).toBe('dominates');
  expect(relationOf(both, one)).toBe('dominated');
  expect(relationOf(one, two)).toBe('concurrent');
  const stamp = { ...by('a', 1, 1), dependencies: new Map([['k', new Map([['w', 1]])]]) };
  const late = merged(undefined, { kind: 'set', elements: ['1'] }, stamp);
  expect(relationOf(one, late), 'dependencies that were forgotten').toBe('equal');
  expect(relationOf(both, late), 'dependencies that were forgotten').toBe('dominated');
  expect(join(both, one)).toBe(both);
});

test('a merge carries its dependencies, has no siblings, and its size grows with what it holds', () => {
  const dependencies = new Map([['k', new Map([['w', 1]])]]);
  const small = merged(
    undefined,
    { kind: 'set', elements: ['1'] },
    { ...by('a', 1, 1), dependencies },
  );
  const large = merged(undefined, { kind: 'set', elements: ['"a long element"'] }, by('a', 1, 1));
  expect(dependenciesOf(small)).toEqual(dependencies);
  expect(siblingsOf(small)).toEqual([]);
  expect(encodedBytes(join(small, large))).toBeGreaterThan(encodedBytes(small));
  expect(encodedBytes(register)).toBe('w'.length + 8 + '1'.length);
});
