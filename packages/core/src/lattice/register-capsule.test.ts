// What a register holds after writes that saw each other or did not: T2, T3, T4 and decision 2.
import { expect, test } from 'vitest';
import { type Dependencies, NO_DEPENDENCIES } from '../causality/dependencies.ts';
import { EMPTY_CLOCK, formatClock } from '../clock/vector-clock.ts';
import { nextTimestamp } from '../clock/hybrid-clock.ts';
import type { RegisterCapsule, RegisterWrite } from './capsule.ts';
import { dependenciesOf, newestTimestamp, siblingsOf, valueOf, versionOf } from './capsule-view.ts';
import { joinRegisters, registerLattice, registerOf } from './register-capsule.ts';

const lww = (timestamp: number, writer: string, value: string): RegisterCapsule =>
  registerOf({
    writer,
    timestamp,
    context: EMPTY_CLOCK,
    dependencies: NO_DEPENDENCIES,
    value,
  });

interface CausalInput {
  readonly sees?: Readonly<Record<string, number>>;
  readonly dependencies?: Dependencies;
  readonly timestamp?: number;
}

const causal = (
  writer: string,
  counter: number,
  value: string | null,
  { sees = {}, dependencies = NO_DEPENDENCIES, timestamp = counter }: CausalInput = {},
): RegisterCapsule =>
  registerOf({
    writer,
    counter,
    timestamp,
    context: new Map(Object.entries(sees)),
    dependencies,
    value,
  });

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((first, at) =>
    permutations(items.toSpliced(at, 1)).map((rest) => [first, ...rest]),
  );
}

/** Joins in this order, each capsule delivered twice. */
const deliverTwice = (capsules: readonly RegisterCapsule[]): RegisterCapsule =>
  capsules.flatMap((capsule) => [capsule, capsule]).reduce(joinRegisters, registerLattice.bottom);

const values = (capsule: RegisterCapsule) =>
  siblingsOf(capsule)
    .map((write) => String(write.value))
    .toSorted();

test('[LWW1] T2: in all six orders, each delivered twice, the larger writer wins the tie', () => {
  const writes = [lww(100, 'a', '"x"'), lww(100, 'b', '"y"'), lww(99, 'c', '"z"')];
  for (const order of permutations(writes)) {
    const held = deliverTwice(order);
    expect(held.writes).toHaveLength(1);
    expect(valueOf(held)).toBe('"y"');
  }
});

test('[LWW4] T2: who has read (100, b) writes above it, though its wall clock shows 40', () => {
  const read = lww(nextTimestamp(0, 100), 'b', '"y"');
  const written = lww(nextTimestamp(newestTimestamp(read), 40), 'a', '"new"');
  expect(valueOf(joinRegisters(read, written))).toBe('"new"');
});

test('[LWW3] one writer, one timestamp, two values: the writer is broken', () => {
  expect(() => joinRegisters(lww(1, 'a', '1'), lww(1, 'a', '2'))).toThrow(
    'two values as one write',
  );
  expect(() => joinRegisters(causal('a', 1, '1'), causal('a', 1, '2'))).toThrow('two values');
  const held = lww(1, 'a', '1');
  expect(joinRegisters(held, lww(1, 'a', '1'))).toBe(held);
});

test('[CR1] T3: all orders and bracketings, with duplicates, leave exactly y and z', () => {
  const writes = [
    causal('a', 1, '"x"'),
    causal('b', 1, '"y"'),
    causal('a', 2, '"z"', { sees: { a: 1 } }),
  ];
  for (const order of permutations(writes)) {
    const [first, second, third] = order;
    const rightFirst = joinRegisters(first!, joinRegisters(second!, third!));
    for (const held of [deliverTwice(order), rightFirst]) {
      expect(values(held)).toEqual(['"y"', '"z"']);
      expect(formatClock(versionOf(held))).toBe('{a:2,b:1}');
    }
    const later = joinRegisters(rightFirst, causal('c', 1, '"w"', { sees: { a: 2, b: 1 } }));
    expect(values(later)).toEqual(['"w"']);
    expect(formatClock(versionOf(later))).toBe('{a:2,b:1,c:1}');
  }
});

test('[LAT5] T3: the dependencies of siblings are joined', () => {
  const v1 = causal('a', 1, '"x"', { dependencies: new Map([['p', new Map([['m', 3]])]]) });
  const ofV2 = new Map([
    ['p', new Map(Object.entries({ m: 1, n: 2 }))],
    ['q', new Map([['r', 1]])],
  ]);
  const held = joinRegisters(v1, causal('b', 1, '"y"', { dependencies: ofV2 }));
  expect(dependenciesOf(held)).toEqual(
    new Map([
      ['p', new Map(Object.entries({ m: 3, n: 2 }))],
      ['q', new Map([['r', 1]])],
    ]),
  );
});

test('[CR3] blind writes of one writer stay side by side, and get picks the later (T4)', () => {
  const f = causal('e.1', 1, '"f"', { timestamp: 10 });
  const g = joinRegisters(f, causal('e.1', 2, '"g"', { timestamp: 11 }));
  const afterRestart = causal('e.2', 1, '"h"', { timestamp: 12 });
  for (const order of permutations([f, g, afterRestart])) {
    const held = deliverTwice(order);
    expect(values(held)).toEqual(['"f"', '"g"', '"h"']);
    expect(valueOf(held)).toBe('"h"');
  }
  const readFirst = joinRegisters(
    f,
    causal('e.1', 2, '"g"', { sees: { 'e.1': 1 }, timestamp: 11 }),
  );
  expect(values(readFirst)).toEqual(['"g"']);
});

test('[CR5] an LWW and a causal write that have not seen each other are both kept', () => {
  const both = joinRegisters(lww(50, 'w', '"l"'), causal('a', 1, '"c"', { timestamp: 40 }));
  expect(values(both)).toEqual(['"c"', '"l"']);
  expect(valueOf(both)).toBe('"l"');
  expect(formatClock(versionOf(both))).toBe('{a:1,lww:50}');
});

test('[CR5] a causal write replaces what it has seen; a later LWW write replaces LWW writes only', () => {
  const seen = causal('a', 1, '"c"', { sees: { lww: 50 }, timestamp: 60 });
  expect(values(joinRegisters(lww(50, 'w', '"l"'), seen))).toEqual(['"c"']);
  expect(values(joinRegisters(seen, lww(50, 'w', '"l"')))).toEqual(['"c"']);
  const later = joinRegisters(seen, lww(51, 'w', '"m"'));
  expect(values(later)).toEqual(['"c"', '"m"']);
  expect(values(joinRegisters(later, lww(52, 'v', '"n"')))).toEqual(['"c"', '"n"']);
});

test('[CR10] a tombstone is ordered like any other write and is no sibling', () => {
  const written = causal('a', 1, '"x"');
  const gone = causal('b', 1, null, { sees: { a: 1 }, timestamp: 2 });
  const deleted = joinRegisters(written, gone);
  expect(deleted.writes).toHaveLength(1);
  expect(valueOf(deleted)).toBeUndefined();
  expect(siblingsOf(deleted)).toEqual([]);
  const concurrent = joinRegisters(deleted, causal('c', 1, '"y"', { timestamp: 3 }));
  expect(valueOf(concurrent)).toBe('"y"');
  expect(values(concurrent)).toEqual(['"y"']);
  expect(joinRegisters(concurrent, written)).toBe(concurrent);
});

test('[CR10] a value written beside a newer delete is there', () => {
  const gone = causal('b', 1, null, { timestamp: 2 });
  const beside = joinRegisters(gone, causal('c', 1, '"y"', { timestamp: 1 }));
  expect(valueOf(beside)).toBe('"y"');
  expect(values(beside)).toEqual(['"y"']);
});

test('[LWW5] an LWW write is a timestamp, a writer and a value', () => {
  const [write]: readonly (RegisterWrite | undefined)[] = lww(5, 'w', '1').writes;
  expect(write?.context.size).toBe(0);
  expect(write?.dependencies.size).toBe(0);
  expect(formatClock(versionOf(lww(5, 'w', '1')))).toBe('{lww:5}');
});
