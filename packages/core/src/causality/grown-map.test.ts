import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GrownMap } from './grown-map.ts';

const key = fc.integer({ min: 0, max: 12 });
const step = fc.record({
  /** Which of the maps so far the next one grows from. */
  from: fc.nat(),
  sets: fc.array(fc.tuple(key, fc.nat()), { maxLength: 5 }),
});

test('[DEP3] maps that share entries are what copies would be, whichever of them grows', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.nat())), fc.array(step), (first, steps) => {
      const pairs = [{ grown: new GrownMap(new Map(first)), copied: new Map(first) }];
      for (const { from, sets } of steps) {
        const { grown, copied } = pairs[from % pairs.length]!;
        const next = { grown: new GrownMap(grown), copied: new Map(copied) };
        for (const [name, value] of sets) {
          next.grown.set(name, value);
          next.copied.set(name, value);
        }
        pairs.push(next);
      }
      for (const { grown, copied } of pairs) {
        expect([...grown]).toEqual([...copied]);
        expect([...grown.keys()]).toEqual([...copied.keys()]);
        expect([...grown.values()]).toEqual([...copied.values()]);
        expect(grown.size).toBe(copied.size);
        const told: unknown[] = [];
        grown.forEach((value, name) => told.push([name, value]));
        expect(told).toEqual([...copied]);
        for (let name = 0; name <= 13; name += 1) {
          expect(grown.get(name)).toBe(copied.get(name));
          expect(grown.has(name)).toBe(copied.has(name));
        }
        expect(new Map(grown)).toEqual(copied);
      }
    }),
  );
});

test('a map that another one has grown from does not change, and none gets smaller', () => {
  const first = new GrownMap(new Map([['a', 1]]));
  const second = new GrownMap(first).set('b', 2);
  expect(() => first.set('c', 3)).toThrow('does not change');
  expect(() => second.delete()).toThrow('only grows');
  expect(() => second.clear()).toThrow('only grows');
  expect([[...first], [...second]]).toEqual([
    [['a', 1]],
    [
      ['a', 1],
      ['b', 2],
    ],
  ]);
});
