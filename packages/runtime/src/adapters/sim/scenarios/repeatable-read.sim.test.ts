// T5 to T11: one version of a key in a whole run, on the simulated cluster. What every other level
// shows with the same messages is stated and forced. The option `perPath` of T10 does not exist.
import { expect, test } from 'vitest';
import { playAtEveryLevel, type AtEveryLevel } from './play-at-every-level.ts';

/** One version of a key is read at two levels; the others have no session of reads, or one that grows. */
const byLevel = <T>(repeatable: T, causal: T, others: T): AtEveryLevel<T> => ({
  lww: others,
  'repeatable-read': repeatable,
  'single-key-causal': others,
  'multi-key-causal': others,
  causal,
  'causal-cut': repeatable,
});

test('T5 exact version: g fetches it from where f has read it, h has it', async () => {
  const seen = byLevel([10, 10, 10], [10, 20, 20], [10, 20, 20]);
  // At causal-cut C2 has kept what it had when g first read there.
  const fetches = { ...byLevel(1, 0, 0), 'causal-cut': 0 };
  await playAtEveryLevel(
    `init k=10
     warm C2:k
     d.f@C1 get k
     w@C3 get k
     w@C3 put k=20
     push k to C2
     d.g@C2 get k
     push k to C1
     d.h@C2 get k
     e@C2 get k`,
    {},
    (outcome, level) => {
      expect(outcome.saw('d', 'k'), level).toEqual(seen[level]);
      expect(outcome.fetches('k'), level).toBe(fetches[level]);
      expect(outcome.saw('e', 'k'), level).toEqual([20]);
      expect(outcome.violations()).toEqual([]);
      if (level === 'repeatable-read') {
        expect(outcome.reads('d', 'k').map(({ rule }) => rule)).toEqual([
          'repeatable-read/first-store',
          'repeatable-read/upstream',
          'repeatable-read/pinned',
        ]);
      }
    },
  );
});

test('T6 not yet read: what g is the first to read is repeated after it', async () => {
  const seen = byLevel([7, 7], [7, 9], [7, 9]);
  const fetches = byLevel(1, 0, 0);
  await playAtEveryLevel(
    `init m=7
     warm C2:m
     d.f@C1 get other
     d.g@C2 get m
     w@C3 get m
     w@C3 put m=9
     warm C1:m
     d.h@C1 get m`,
    {},
    (outcome, level) => {
      expect(outcome.saw('d', 'm'), level).toEqual(seen[level]);
      expect(outcome.fetches('m'), level).toBe(fetches[level]);
      expect(outcome.violations()).toEqual([]);
    },
  );
});

test('T7 absent is a version', async () => {
  const seen = byLevel([null, null], [null, 5], [null, 5]);
  await playAtEveryLevel(
    `d.f@C1 get k
     write k=5
     push k to C1
     warm C2:k
     d.g@C2 get k
     e@C2 get k`,
    {},
    (outcome, level) => {
      expect(outcome.saw('d', 'k'), level).toEqual(seen[level]);
      expect(outcome.saw('e', 'k'), level).toEqual([5]);
      expect(outcome.violations()).toEqual([]);
    },
  );
});

test('T8 own writes come first, at every level', async () => {
  // Timestamps alone let the larger one stay; else so does a write that did not read the other.
  const left: AtEveryLevel<unknown> = {
    lww: [99],
    'repeatable-read': [99],
    'single-key-causal': [99, 'mine'],
    'multi-key-causal': [99, 'mine'],
    causal: [99, 'mine'],
    'causal-cut': [99, 'mine'],
  };
  await playAtEveryLevel(
    `init k=10
     d.f@C1 get k
     d.f@C1 put k=mine
     write k=99
     warm C2:k
     d.g@C2 get k
     e@C3 all k`,
    {},
    (outcome, level) => {
      // The page lets LWW show 99 to g. Here the writes of a run travel with it at every level.
      expect(outcome.saw('d', 'k'), level).toEqual([10, 'mine']);
      expect(outcome.saw('e', 'k'), level).toEqual([left[level]]);
      expect(outcome.violations()).toEqual([]);
    },
  );
});

test('T9 upstream failure: another attempt, one answer, and the old one is without effect', async () => {
  // Only a level that has to have k@10 again starts again; x's trigger of attempt 1 comes after that.
  const seen = byLevel([20, 20], [10, 20], [10, 20]);
  const attempts = byLevel(2, 1, 1);
  await playAtEveryLevel(
    `init k=10
     shape d: f>g x>y
     hold C3>C4
     d.f@C1 get k
     d.x@C3 count runs 1
     w@C2 get k
     w@C2 put k=20
     crash C1
     d.g@C2 get k
     heal C3>C4
     d.y@C4 get other
     e@C2 get runs`,
    {},
    (outcome, level) => {
      expect(outcome.saw('d', 'k'), level).toEqual(seen[level]);
      expect(outcome.attempts('d'), level).toBe(attempts[level]);
      expect(outcome.answersSent('d')).toBe(1);
      expect(outcome.saw('e', 'runs'), level).toEqual([1]);
      expect(outcome.violations()).toEqual([]);
    },
  );
});

test('[SCHED6] T9 upstream killed: no restart where the same version is here', async () => {
  await playAtEveryLevel(
    `init k=10
     warm C2:k
     d.f@C1 get k
     crash C1
     d.g@C2 get k`,
    {},
    (outcome, level) => {
      expect(outcome.saw('d', 'k'), level).toEqual([10, 10]);
      // What was read there is protected no more: causal-cut starts again rather than go on.
      expect(outcome.attempts('d'), level).toBe(level === 'causal-cut' ? 2 : 1);
      expect(outcome.violations()).toEqual([]);
    },
  );
});

test('T9 upstream out of reach: no restart where the same version is here', async () => {
  await playAtEveryLevel(
    `init k=10
     warm C2:k
     d.f@C1 get k
     lose C2>C1
     d.g@C2 get k`,
    {},
    (outcome, level) => {
      expect(outcome.saw('d', 'k'), level).toEqual([10, 10]);
      expect(outcome.attempts('d'), level).toBe(1);
      expect(outcome.violations()).toEqual([]);
    },
  );
});

test('T10 fan-in: one version for all branches in the second attempt', async () => {
  // Without a session of reads, or with one that only grows, the branches may differ.
  const seen = byLevel(undefined, [10, 20, 20], [10, 20, 20]);
  const attempts = byLevel(2, 1, 1);
  await playAtEveryLevel(
    `init k=10
     warm C1:k
     shape d: a>c b>c
     d.a@C1 get k
     d.a@C1 count runs 1
     w@C2 get k
     w@C2 put k=20
     warm C3:k
     d.b@C2 get k
     d.c@C3 get k
     e@C2 get runs`,
    {},
    (outcome, level) => {
      if (seen[level] !== undefined) expect(outcome.saw('d', 'k'), level).toEqual(seen[level]);
      else expect(new Set(outcome.saw('d', 'k')).size, level).toBe(1);
      expect(outcome.saw('d', 'k').length).toBe(3);
      expect(outcome.attempts('d'), level).toBe(attempts[level]);
      expect(outcome.answersSent('d')).toBe(1);
      // What the first attempt wrote is nowhere.
      expect(outcome.saw('e', 'runs'), level).toEqual([1]);
      expect(outcome.violations()).toEqual([]);
    },
  );
});

test('T11 pins: two runs keep the version apart, also when the live copy is evicted', async () => {
  const seen = byLevel([10, 10], [10, 10], [10, 20]);
  await playAtEveryLevel(
    `init k=10
     warm C1:k
     r1.f@C1 get k
     r2.f@C1 get k
     w@C3 get k
     w@C3 put k=20
     push k to C1
     mark both
     r1.g@C1 get other
     evict C1:k
     r2.g@C2 get k`,
    {},
    (outcome, level) => {
      expect(outcome.saw('r2', 'k'), level).toEqual(seen[level]);
      const pins = byLevel(true, true, false)[level];
      if (pins) expect(outcome.statistics('C1', 'both').pinned, level).toBeGreaterThan(1);
      expect(outcome.statistics('C1').pinned, level).toBe(0);
      expect(outcome.violations()).toEqual([]);
    },
  );
});

test('T11 pins: when both runs are over, the cache is as it was', async () => {
  await playAtEveryLevel(
    `init k=10
     warm C1:k
     mark before
     r1.f@C1 get k
     r2.f@C1 get k
     r1.g@C2 get k
     r2.g@C2 get k`,
    {},
    (outcome, level) => {
      const { keys, bytes, pinned } = outcome.statistics('C1', 'before');
      expect(outcome.statistics('C1'), level).toMatchObject({ keys, bytes, pinned });
      expect(pinned).toBe(0);
    },
  );
});

test('T11 pins: nobody says that the run is over, so its pins go with their lease', async () => {
  const pins = byLevel(true, true, false);
  await playAtEveryLevel(
    `init k=10
     warm C1:k
     d.f@C1 get k
     mark pinned
     lose control>C1
     crash C2
     d.g@C2 get k
     mark lost
     wait 1300000`,
    {},
    (outcome, level) => {
      const { pinned } = outcome.statistics('C1', 'lost');
      if (pins[level]) expect(pinned, level).toBeGreaterThan(0);
      expect(outcome.statistics('C1').pinned, level).toBe(0);
    },
  );
});
