// T12 to T16: what one cache shows of several keys, on the simulated cluster. The writers are causal
// where the page gives versions with dependencies; the level is the reader's.
import { expect, test } from 'vitest';
import { playAtEveryLevel, type AtEveryLevel } from './play-at-every-level.ts';

/** Levels that read from a causal cut, and those that do not. */
const byCut = <T>(cut: T, others: T): AtEveryLevel<T> => ({
  lww: others,
  'repeatable-read': others,
  'single-key-causal': others,
  'multi-key-causal': cut,
  causal: cut,
  'causal-cut': cut,
});

const newKOldL = `
  owner s1:k
  owner s2:l
  u0@C2 put l=old
  warm C1:l
  u1@C2 get l
  u1@C2 put l=new
  u1@C2 put k=v`;
const causalWriters = { levels: { u0: 'causal', u1: 'causal' } } as const;

test('T12 k is not visible before the l that it depends on', async () => {
  await playAtEveryLevel(
    `${newKOldL}
     d@C1 get k
     d@C1 get l`,
    causalWriters,
    (outcome, level) => {
      expect(outcome.saw('d', 'k'), level).toEqual(['v']);
      if (byCut(true, false)[level]) expect(outcome.saw('d', 'l'), level).toEqual(['new']);
    },
  );
});

test('T12 with the storage of l silent: unavailable, never k beside the old l', async () => {
  await playAtEveryLevel(
    `${newKOldL}
     hold store(l)>C1
     d@C1 get k
     d@C1 get l`,
    causalWriters,
    (outcome, level) => {
      const seen = byCut(['refused: unavailable', 'old'], ['v', 'old'])[level];
      expect([...outcome.saw('d', 'k'), ...outcome.saw('d', 'l')], level).toEqual(seen);
    },
  );
});

test('T13 a lagging dependency is asked for again, and two readers share every fetch', async () => {
  // The first answer for b is older than what a needs: it was on its way when b was written anew.
  await playAtEveryLevel(
    `owner s1:a
     owner s2:b,c
     u0@C2 put b=old
     hold store(b)>C1
     r0@C1 get b &
     u1@C2 put c=1
     u1@C2 get b
     u1@C2 put b=new
     u2@C2 get b
     u2@C2 put a=1
     r1@C1 get a &
     r2@C1 get a &
     wait 50
     mark waiting
     heal store(b)>C1
     wait 50
     r3@C1 get a
     r3@C1 get b
     r3@C1 get c`,
    { levels: { u0: 'causal', u1: 'causal', u2: 'causal' } },
    (outcome, level) => {
      const gets = ['a', 'b', 'c'].map((key) => outcome.storageGets('C1', key));
      expect(gets, level).toEqual([1, 2, 1]);
      expect([outcome.saw('r1', 'a'), outcome.saw('r2', 'a')], level).toEqual([[1], [1]]);
      const early = ['r1', 'r2'].map((run) => outcome.wasAnsweredAt('waiting', run));
      expect(early, level).toEqual(byCut([false, false], [true, true])[level]);
      expect(outcome.saw('r3', 'b'), level).toEqual(['new']);
      expect(outcome.saw('r3', 'c'), level).toEqual([1]);
    },
  );
});

test('T13 what is in the cut already is not asked for', async () => {
  await playAtEveryLevel(
    `u1@C2 put b=1
     warm C1:b
     u2@C2 get b
     u2@C2 put a=1
     r1@C1 get a
     r1@C1 get b`,
    { levels: { u1: 'causal', u2: 'causal' } },
    (outcome, level) => {
      expect(outcome.storageGets('C1', 'a'), level).toBe(1);
      expect(outcome.storageGets('C1', 'b'), level).toBe(1);
      expect(outcome.saw('r1', 'b'), level).toEqual([1]);
    },
  );
});

test('T14 who overwrites b without reading a hands the dependency on a down', async () => {
  const seen = byCut([1], [0]);
  await playAtEveryLevel(
    `init a=0
     warm C3:a
     e1@C1 get a
     e1@C1 put a=1
     e2@C1 get a
     e2@C1 put b=1
     e3@C2 get b
     e3@C2 put b=2
     r@C3 get b
     r@C3 get a`,
    {},
    (outcome, level) => {
      expect(outcome.saw('r', 'b'), level).toEqual([2]);
      expect(outcome.saw('r', 'a'), level).toEqual(seen[level]);
      const [write] = outcome.writes('e3', 'b');
      expect(Object.keys(write?.dependencies ?? {}).includes('a'), level).toBe(
        byCut(true, false)[level],
      );
      expect(outcome.violations()).toEqual([]);
    },
  );
});

const chainOfThree = `
  u0@C2 put l=1
  u1@C2 get l
  u1@C2 put k=1
  u2@C2 get k
  u2@C2 put j=1
  write x=1
  r@C1 get j
  r@C1 get k
  r@C1 get l
  r@C1 get x`;
const chainWriters = { levels: { u0: 'causal', u1: 'causal', u2: 'causal' } } as const;

test('T15 what depends on an evicted key leaves with it, and comes back with it', async () => {
  await playAtEveryLevel(
    `${chainOfThree}
     mark before
     evict C1:l
     mark evicted
     r2@C1 get k
     r2@C1 get l`,
    chainWriters,
    (outcome, level) => {
      expect(outcome.evicted('C1').toSorted(), level).toEqual(['j', 'k', 'l']);
      const { keys } = outcome.statistics('C1', 'before');
      expect(outcome.statistics('C1', 'evicted').keys).toBe(keys - 3);
      expect(outcome.statistics('C1').keys).toBe(keys - 1);
      expect(outcome.saw('r2', 'k'), level).toEqual([1]);
      expect(
        ['k', 'l', 'j', 'x'].map((key) => outcome.storageGets('C1', key)),
        level,
      ).toEqual([2, 2, 1, 1]);
    },
  );
});

test('T15 a key that nothing depends on leaves alone', async () => {
  await playAtEveryLevel(
    `${chainOfThree}
     evict C1:j`,
    chainWriters,
    (outcome, level) => {
      expect(outcome.evicted('C1'), level).toEqual(['j']);
    },
  );
});

test('T16 no order of reading and writing leaves a cache behind', async () => {
  const schedules = [
    // The answer to C1 is on its way while k is written.
    `hold store(k)>C1
     r1@C1 get k &
     wait 20
     write k=2
     heal store(k)>C1`,
    // The question is on its way.
    `hold C1>store(k)
     r1@C1 get k &
     wait 20
     write k=2
     heal C1>store(k)`,
  ];
  for (const schedule of schedules) {
    await playAtEveryLevel(
      `init k=1
       ${schedule}
       wait 50
       push k to C1
       r2@C1 get k`,
      {},
      (outcome, level) => {
        expect(outcome.saw('r2', 'k'), level).toEqual([2]);
      },
    );
  }
});

test('T16 a push that is lost is made good when the cache registers again', async () => {
  await playAtEveryLevel(
    `init k=1
     warm C1:k
     lose store(k)>C1
     write k=2
     push k to C1
     r1@C1 get k
     heal store(k)>C1
     wait 10000
     push k to C1
     r2@C1 get k`,
    {},
    (outcome, level) => {
      expect(outcome.saw('r1', 'k'), level).toEqual([1]);
      expect(outcome.saw('r2', 'k'), level).toEqual([2]);
    },
  );
});
