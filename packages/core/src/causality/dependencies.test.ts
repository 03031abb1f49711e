// Dependencies join key by key.
import { expect, test } from 'vitest';
import type { VectorClock } from '../clock/vector-clock.ts';
import {
  addDependency,
  type Dependencies,
  dependenciesCover,
  joinDependencies,
  NO_DEPENDENCIES,
  withKnownClocks,
  withoutKey,
  withoutStable,
} from './dependencies.ts';

const clock = (counts: Readonly<Record<string, number>>): VectorClock =>
  new Map(Object.entries(counts));
const dependencies = (
  all: Readonly<Record<string, Readonly<Record<string, number>>>>,
): Dependencies => new Map(Object.entries(all).map(([key, counts]) => [key, clock(counts)]));

test('[DEP1] p{m:3} joined with p{m:1,n:2}, q{r:1} is p{m:3,n:2}, q{r:1} (T3)', () => {
  const joined = joinDependencies(
    dependencies({ p: { m: 3 } }),
    dependencies({ p: { m: 1, n: 2 }, q: { r: 1 } }),
  );
  expect(joined).toEqual(dependencies({ p: { m: 3, n: 2 }, q: { r: 1 } }));
});

test('[DEP1] the first argument comes back when nothing is added', () => {
  const held = dependencies({ p: { m: 3 }, q: { r: 1 } });
  expect(joinDependencies(held, dependencies({ p: { m: 2 } }))).toBe(held);
  expect(joinDependencies(held, NO_DEPENDENCIES)).toBe(held);
  expect(addDependency(held, 'q', clock({ r: 1 }))).toBe(held);
  expect(addDependency(held, 'new', clock({}))).toBe(held);
  expect(withoutKey(held, 'x')).toBe(held);
});

test('[DEP1] adding raises one key and leaves the argument as it was', () => {
  const held = dependencies({ p: { m: 3 } });
  expect(addDependency(held, 'p', clock({ n: 1 }))).toEqual(dependencies({ p: { m: 3, n: 1 } }));
  expect(held).toEqual(dependencies({ p: { m: 3 } }));
  expect(dependenciesCover(held, dependencies({ p: { m: 2 } }))).toBe(true);
  expect(dependenciesCover(held, dependencies({ q: { m: 1 } }))).toBe(false);
});

test('[VC3] a key named __proto__ is a key', () => {
  const held = addDependency(NO_DEPENDENCIES, '__proto__', clock({ w: 1 }));
  expect([...held.keys()]).toEqual(['__proto__']);
  expect(withoutKey(held, '__proto__').size).toBe(0);
});

test('[DEP2] a dependency goes when every place covers all of it, and not a part of it before (X1)', () => {
  const held = dependencies({ a: { i: 1, j: 2 }, b: { k: 1 } });
  const stable = (counts: Readonly<Record<string, number>>) => (key: string) =>
    key === 'a' ? clock(counts) : undefined;
  expect(withoutStable(held, stable({ i: 1, j: 1 }))).toBe(held);
  expect(withoutStable(held, stable({ i: 2, j: 2 }))).toEqual(dependencies({ b: { k: 1 } }));
  expect(withoutStable(held, () => undefined)).toBe(held);
});

test('[DEP1] equal clocks become those that are known, and nothing else changes', () => {
  const known = dependencies({ p: { m: 3 }, q: { r: 1 } });
  const held = dependencies({ q: { r: 1 }, p: { m: 2 }, s: { t: 1 } });
  const shared = withKnownClocks(held, (key) => known.get(key));
  expect([...shared]).toEqual([...held]);
  expect(shared.get('q')).toBe(known.get('q'));
  expect(shared.get('p')).toBe(held.get('p'));
  expect(withKnownClocks(shared, (key) => known.get(key))).toBe(shared);
});
