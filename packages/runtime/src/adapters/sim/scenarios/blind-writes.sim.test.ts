// T4: one thread writes a key twice without having read it, on the simulated cluster.
import { expect, test } from 'vitest';
import { playAtEveryLevel, type AtEveryLevel } from './play-at-every-level.ts';

/** Timestamps alone order blind writes; versions keep them side by side. */
const bySiblings = <T>(kept: T, ordered: T): AtEveryLevel<T> => ({
  lww: ordered,
  'repeatable-read': ordered,
  'single-key-causal': kept,
  'multi-key-causal': kept,
  causal: kept,
  'causal-cut': kept,
});

test('T4 blind writes stay side by side, and every replica picks the same one', async () => {
  await playAtEveryLevel(
    `F@C1 put k=f
     G@C1 put k=g
     r2@C2 all k
     r2@C2 get k
     r3@C3 get k
     crash C1
     settle C1
     H@C1 put k=h
     r4@C4 all k
     r4@C4 get k
     r5@C1 get k`,
    {},
    (outcome, level) => {
      const both = bySiblings(['f', 'g'], ['g'])[level];
      expect(outcome.saw('r2', 'k'), level).toEqual([both, 'g']);
      expect(outcome.saw('r3', 'k'), level).toEqual(['g']);
      // A new incarnation writes under a new name, so nothing of the old one is lost.
      const all = bySiblings(['f', 'g', 'h'], ['h'])[level];
      expect(outcome.saw('r4', 'k'), level).toEqual([all, 'h']);
      expect(outcome.saw('r5', 'k'), level).toEqual(['h']);
      expect(outcome.violations()).toEqual([]);
    },
  );
});

test('T4 who has read the first write replaces it', async () => {
  await playAtEveryLevel(
    `F@C1 put k=f
     G@C1 get k
     G@C1 put k=g
     r@C2 all k`,
    {},
    (outcome, level) => {
      expect(outcome.saw('r', 'k'), level).toEqual([['g']]);
    },
  );
});
