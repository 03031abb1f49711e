// X6: what an acknowledged put survives, and deletes, on the simulated cluster. A put is acknowledged when
// its owner has it on disk; there are no replicas. So there is no acknowledgement that a crash may
// undo, none of k + 1 nodes, and no old replica that rejoins: a disk that goes back in time is S9c.
import { expect, test } from 'vitest';
import { playAtEveryLevel } from './play-at-every-level.ts';

test('X6 what was acknowledged survives a crash of its storage node at once', async () => {
  await playAtEveryLevel(
    `w@C1 put k=1
     crash store(k)
     r@C2 get k`,
    {},
    (outcome, level) => {
      expect(outcome.saw('r', 'k'), level).toEqual([1]);
      expect(outcome.violations()).toEqual([]);
    },
  );
});

test('X6 a deleted key is absent in every cache, and stays so over a crash', async () => {
  await playAtEveryLevel(
    `init k=1
     warm C1:k
     warm C2:k
     w@C1 get k
     w@C1 delete k
     stale@C2 get k
     push k
     r1@C1 get k
     r2@C2 get k
     r3@C3 get k
     crash store(k)
     r4@C4 get k`,
    {},
    (outcome, level) => {
      expect(outcome.saw('stale', 'k'), level).toEqual([1]);
      for (const run of ['r1', 'r2', 'r3', 'r4']) {
        expect(outcome.saw(run, 'k'), level).toEqual([null]);
      }
      expect(outcome.final('k')).toBeUndefined();
      expect(outcome.violations()).toEqual([]);
    },
  );
});
