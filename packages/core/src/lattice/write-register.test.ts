// Which write each level makes of a put or a delete.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Dependencies,
  dependenciesCover,
  NO_DEPENDENCIES,
} from '../causality/dependencies.ts';
import { covers, formatClock, joinClocks } from '../clock/vector-clock.ts';
import { type ConsistencyLevel, consistencyLevels } from '../session/consistency-level.ts';
import { historyArbitrary, playHistory } from '../testkit/index.ts';
import { dependenciesOf, siblingsOf, valueOf, versionOf } from './capsule-view.ts';
import { deletion } from './delete-capsule.ts';
import { joinRegisters, registerOf } from './register-capsule.ts';
import { registerWrite, type RegisterWriteInput } from './write-register.ts';

const dependsOn = (key: string, writer: string, count: number): Dependencies =>
  new Map([[key, new Map([[writer, count]])]]);

const input = (changes: Partial<RegisterWriteInput>): RegisterWriteInput => ({
  level: 'causal',
  value: '1',
  seen: undefined,
  past: NO_DEPENDENCIES,
  key: 'k',
  writer: 'w',
  counter: 1,
  timestamp: 10,
  ...changes,
});

const lww = registerOf(registerWrite(input({ level: 'lww', value: '"old"', timestamp: 5 })));
const causalSeen = registerOf(
  registerWrite(input({ writer: 'v', counter: 3, past: dependsOn('l', 'u', 1), timestamp: 7 })),
);
const uncausal: readonly ConsistencyLevel[] = ['lww', 'repeatable-read'];
const causalLevels = consistencyLevels.filter((level) => !uncausal.includes(level));

test.each(uncausal)(
  '[LWW5] at %s a put is an LWW write, whatever the session has read',
  (level) => {
    for (const seen of [undefined, lww]) {
      const write = registerWrite(input({ level, seen, past: dependsOn('l', 'u', 1) }));
      expect(write.counter).toBeUndefined();
      expect(write.context.size + write.dependencies.size).toBe(0);
    }
  },
);

test.each(uncausal)(
  '[CR6] [CR7] at %s a put that saw causal writes replaces them and inherits',
  (level) => {
    const write = registerWrite(input({ level, seen: causalSeen, past: dependsOn('x', 'y', 9) }));
    expect(write.dependencies).toEqual(dependsOn('l', 'u', 1));
    expect(siblingsOf(joinRegisters(causalSeen, registerOf(write)))).toEqual([write]);
  },
);

test.each(causalLevels)(
  '[CR10] at %s a put replaces what it saw; written blind it replaces nothing',
  (level) => {
    const seeing = registerOf(registerWrite(input({ level, seen: causalSeen })));
    expect(siblingsOf(joinRegisters(causalSeen, seeing))).toHaveLength(1);
    const blind = registerOf(registerWrite(input({ level })));
    expect(siblingsOf(joinRegisters(causalSeen, blind))).toHaveLength(2);
    const tombstone = registerOf(registerWrite(input({ level, seen: causalSeen, value: null })));
    expect(valueOf(joinRegisters(causalSeen, tombstone))).toBeUndefined();
  },
);

test('[CR8] at a causal level a write depends on all else that the session saw', () => {
  const past = new Map([...dependsOn('k', 'v', 3), ...dependsOn('m', 'n', 2)]);
  const write = registerWrite(input({ past, seen: causalSeen }));
  expect(write.dependencies).toEqual(
    new Map([...dependsOn('m', 'n', 2), ...dependsOn('l', 'u', 1)]),
  );
});

test('[CR8] a write depends on its own key where it is kept beside what the session knows of it', () => {
  const past = dependsOn('k', 'v', 3);
  expect(registerWrite(input({ past })).dependencies).toEqual(past);
  const seenClock = new Map([['v', 3]]);
  expect(registerWrite(input({ past, seenClock })).dependencies.size).toBe(0);
});

test('[CR9] at single-key-causal only the dependencies of the replaced version stay', () => {
  const level = 'single-key-causal';
  const past = dependsOn('m', 'n', 2);
  expect(registerWrite(input({ level, past })).dependencies.size).toBe(0);
  expect(registerWrite(input({ level, past, seen: causalSeen })).dependencies).toEqual(
    dependsOn('l', 'u', 1),
  );
});

test('[CR7] the dependencies of what a write replaces beside what it has seen are taken over', () => {
  const replaced = new Map([...dependsOn('l', 'u', 1), ...dependsOn('k', 'v', 9)]);
  for (const level of ['single-key-causal', 'multi-key-causal', 'causal'] as const) {
    const covering = new Map([['w', 3]]);
    const write = registerWrite(input({ level, seenClock: covering, replaced }));
    expect(write.dependencies).toEqual(replaced);
    const seenClock = joinClocks(covering, new Map([['v', 9]]));
    const above = registerWrite(input({ level, seenClock, replaced }));
    expect(above.dependencies).toEqual(dependsOn('l', 'u', 1));
  }
});

test('[CR7] who reads only b and writes it again takes over the dependency on a (T14)', () => {
  const b1 = registerOf(
    registerWrite(input({ writer: 'e2', past: dependsOn('a', 'e1', 1), key: 'b' })),
  );
  const b2 = registerOf(registerWrite(input({ writer: 'e3', seen: b1, key: 'b' })));
  expect(formatClock(versionOf(b2))).toBe('{e2:1,e3:1}');
  expect(dependenciesCover(dependenciesOf(b2), dependsOn('a', 'e1', 1))).toBe(true);
});

test('[CR7] a version known by its clock alone is replaced, and its dependencies come with the past', () => {
  const past = dependsOn('l', 'u', 1);
  for (const level of ['repeatable-read', 'multi-key-causal', 'causal'] as const) {
    const write = registerWrite(input({ level, past, seenClock: versionOf(causalSeen) }));
    const after = joinRegisters(causalSeen, registerOf(write));
    expect(siblingsOf(after)).toEqual([write]);
    expect(dependenciesCover(write.dependencies, dependenciesOf(causalSeen))).toBe(true);
  }
});

test('[CR7] in random histories a write depends on at least what it replaced depended on', () => {
  fc.assert(
    fc.property(historyArbitrary, fc.constantFrom(...consistencyLevels), (steps, level) => {
      const { capsules } = playHistory('register', steps);
      for (const seen of capsules) {
        const made = registerOf(
          registerWrite(input({ level, seen, writer: 'new', timestamp: 1e9 })),
        );
        if (made.writes[0]?.counter === undefined) continue;
        expect(covers(versionOf(made), versionOf(seen))).toBe(true);
        expect(dependenciesCover(dependenciesOf(made), dependenciesOf(seen))).toBe(true);
      }
    }),
  );
});

test('[CR10] a delete without a level is causal when there is anything causal to keep', () => {
  const by = { writer: 'w', counter: 1, timestamp: 20, dependencies: NO_DEPENDENCIES };
  const countOf = (capsule: ReturnType<typeof deletion>) =>
    capsule.kind === 'register' ? capsule.writes[0]?.counter : NaN;
  expect(countOf(deletion(undefined, by))).toBeUndefined();
  expect(countOf(deletion(lww, by))).toBeUndefined();
  expect(countOf(deletion(causalSeen, by))).toBe(1);
  expect(countOf(deletion(lww, { ...by, dependencies: dependsOn('l', 'u', 1) }))).toBe(1);
  expect(countOf(deletion(lww, { ...by, level: 'causal' }))).toBe(1);
  for (const held of [lww, causalSeen]) {
    const gone = deletion(held, by);
    if (gone.kind !== 'register') throw new Error('a register stays one');
    expect(valueOf(joinRegisters(held, gone))).toBeUndefined();
    expect(siblingsOf(joinRegisters(held, gone))).toEqual([]);
  }
});
