// The order of clocks: the cases of T1, then every pair of a small universe.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { clockArbitrary } from '../testkit/index.ts';
import {
  clockOf,
  clocksEqual,
  compareClocks,
  countOf,
  covers,
  formatClock,
  joinClocks,
  meetClocks,
  type VectorClock,
} from './vector-clock.ts';

const clock = (counts: Readonly<Record<string, number>>): VectorClock =>
  new Map(Object.entries(counts));

/** Every clock over two writers with counts up to two, absent and zero told apart. */
const universe: readonly VectorClock[] = [undefined, 0, 1, 2].flatMap((a) =>
  [undefined, 0, 1, 2].map(
    (b) =>
      new Map([
        ...(a === undefined ? [] : [['a', a] as const]),
        ...(b === undefined ? [] : [['b', b] as const]),
      ]),
  ),
);

test.each([
  [{}, {}, 'same'],
  [{ a: 1 }, { a: 1, b: 0 }, 'same'],
  [{ a: 1 }, { a: 2 }, 'before'],
  [{ a: 2 }, { a: 1, b: 1 }, 'concurrent'],
  [{ b: 1 }, { a: 1, b: 1 }, 'before'],
  [{ a: 1 }, { b: 1 }, 'concurrent'],
  [{ a: 2, b: 1 }, { a: 1, b: 1 }, 'after'],
] as const)('[VC1] T1: %o against %o is %s', (a, b, expected) => {
  expect(compareClocks(clock(a), clock(b))).toBe(expected);
});

test('[VC2] T1: the join of {a:2} and {a:1,b:1} is {a:2,b:1}', () => {
  expect(joinClocks(clock({ a: 2 }), clock({ a: 1, b: 1 }))).toEqual(clock({ a: 2, b: 1 }));
});

test('[VC2] over a small universe the join is the least upper bound, and keeps its first argument', () => {
  for (const a of universe) {
    for (const b of universe) {
      const joined = joinClocks(a, b);
      expect(covers(joined, a) && covers(joined, b)).toBe(true);
      expect(joined === a).toBe(covers(a, b));
      for (const upper of universe) {
        if (covers(upper, a) && covers(upper, b)) expect(covers(upper, joined)).toBe(true);
      }
    }
  }
});

test('[VC1] compare, covers and equality agree, whoever the writers are', () => {
  fc.assert(
    fc.property(clockArbitrary, clockArbitrary, (a, b) => {
      const order = compareClocks(a, b);
      expect(covers(a, b)).toBe(order === 'after' || order === 'same');
      expect(covers(b, a)).toBe(order === 'before' || order === 'same');
      expect(clocksEqual(a, b)).toBe(order === 'same');
    }),
  );
});

test('[VC3] a writer named __proto__ counts like any other', () => {
  const odd = clockOf([
    ['__proto__', 2],
    ['b', 0],
    ['__proto__', 1],
  ]);
  expect(odd).toEqual(new Map([['__proto__', 2]]));
  expect(countOf(odd, '__proto__')).toBe(2);
  expect(countOf(odd, 'constructor')).toBe(0);
  expect(formatClock(joinClocks(odd, clock({ a: 1 })))).toBe('{__proto__:2,a:1}');
});

test('the text of a clock has its writers sorted and leaves zeros out', () => {
  const unsorted = new Map([
    ['w2.1', 1],
    ['w1.1', 3],
    ['w3.1', 0],
  ]);
  expect(formatClock(unsorted)).toBe('{w1.1:3,w2.1:1}');
  expect(formatClock(new Map())).toBe('{}');
});

test('the text of a clock with very many writers stays short', () => {
  const many = new Map(Array.from({ length: 1_000 }, (_, n) => [`w${n}`, 1] as const));
  expect(formatClock(many)).toMatch(/^\{w0:1,w1:1,.*,and 968 more\}$/u);
  expect(formatClock(many).length).toBeLessThan(300);
});

test('[VC2] the meet is the greatest lower bound, and keeps its first argument where it is one', () => {
  for (const a of universe) {
    for (const b of universe) {
      const met = meetClocks(a, b);
      expect(covers(a, met) && covers(b, met)).toBe(true);
      expect(met === a).toBe(covers(b, a));
      for (const lower of universe) {
        if (covers(a, lower) && covers(b, lower)) expect(covers(met, lower)).toBe(true);
      }
    }
  }
});
