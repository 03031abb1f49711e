// X1: a dependency is forgotten when nobody can miss it, on the simulated cluster. A key has one owner, so
// the places that may lag are caches. The writers are causal; the level is the reader's.
import { expect, test } from 'vitest';
import { playAtEveryLevel, type AtEveryLevel } from './play-at-every-level.ts';

const readsCut: AtEveryLevel<boolean> = {
  lww: false,
  'repeatable-read': false,
  'single-key-causal': false,
  'multi-key-causal': true,
  causal: true,
  'causal-cut': true,
};

const writers = { levels: { e: 'causal', f: 'causal' } } as const;

/**
 * C9 caches the old a; b depends on the new one. For less long than C9 takes to register again, which
 * would bring it the new one.
 */
const staleCache = `
  init a=0
  warm C9:a
  e@C1 get a
  e@C1 put a=1
  f@C1 get a
  f@C1 put b=1
  wait 2000
  mark stale`;

test('X1 it stays while a cache holds an older version, and goes when it does not', async () => {
  await playAtEveryLevel(
    `${staleCache}
     push a
     wait 20000
     push a
     mark fresh
     r@C5 get b
     r@C5 get a`,
    writers,
    (outcome, level) => {
      expect(outcome.dependencies('b', 'stale'), level).toEqual(['a']);
      expect(outcome.dependencies('b', 'fresh'), level).toEqual([]);
      expect([...outcome.saw('r', 'b'), ...outcome.saw('r', 'a')]).toEqual([1, 1]);
      expect(outcome.violations()).toEqual([]);
    },
  );
});

test('X1 a cache out of reach keeps it until its registration has run out', async () => {
  await playAtEveryLevel(
    `init a=0
     warm C9:a
     hold C9>store
     hold store>C9
     e@C1 get a
     e@C1 put a=1
     f@C1 get a
     f@C1 put b=1
     wait 15000
     mark held
     wait 60000
     mark over
     heal C9>store
     heal store>C9
     r@C9 get b
     r@C9 get a`,
    writers,
    (outcome, level) => {
      expect(outcome.dependencies('b', 'held'), level).toEqual(['a']);
      expect(outcome.dependencies('b', 'over'), level).toEqual([]);
      expect(outcome.saw('r', 'b'), level).toEqual([1]);
      // What C9 had held is older than what b no longer says it depends on.
      if (readsCut[level]) expect(outcome.saw('r', 'a'), level).toEqual([1]);
    },
  );
});
