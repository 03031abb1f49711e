// T17 to T23: one session over several caches, on the simulated cluster. The writers are causal; the
// level is the reader's, and what the weaker ones show is forced by the same messages. Reads are
// strict, there is no lenient form (T19). Dependencies on values are closed (ADR 5), so a trigger
// carries the bound of m as well (T21).
import type { ConsistencyLevel } from '@stormglass/core';
import { expect, test } from 'vitest';
import { canonicalText } from '../plain-data.ts';
import type { Outcome } from './outcome.ts';
import { playAtEveryLevel, type AtEveryLevel } from './play-at-every-level.ts';

/** Levels whose reads are bound by what the session has seen, and the others. */
const byBounds = <T>(bound: T, others: T): AtEveryLevel<T> => ({
  lww: others,
  'repeatable-read': others,
  'single-key-causal': others,
  'multi-key-causal': others,
  causal: bound,
  'causal-cut': bound,
});

const writers = {
  levels: { u0: 'causal', u1: 'causal', u2: 'causal', x: 'causal', x1: 'causal' },
} as const;

/** k depends on the new l, both in C1's cut; C2 has the old l. */
const deckFigure = `
  owner s1:k
  owner s2:l
  u0@C1 put l=old
  warm C2:l
  u1@C1 get l
  u1@C1 put l=new
  u1@C1 put k=v
  warm C1:k,l`;

test('T17 deck figure: l covers what k depends on, fetched from the cache where k was read', async () => {
  const seen = byBounds(['new'], ['old']);
  const fetches = byBounds(1, 0);
  await playAtEveryLevel(
    `${deckFigure}
     hold store>C2
     d.f@C1 get k
     d.g@C2 get l`,
    writers,
    (outcome, level) => {
      expect(outcome.saw('d', 'k'), level).toEqual(['v']);
      expect(outcome.saw('d', 'l'), level).toEqual(seen[level]);
      expect(outcome.fetches('l'), level).toBe(fetches[level]);
      expect(outcome.attempts('d')).toBe(1);
      expect(outcome.violations()).toEqual([]);
    },
  );
});

test('T18 direction of validity: a newer local version is served without a fetch', async () => {
  await playAtEveryLevel(
    `${deckFigure}
     u2@C3 get l
     u2@C3 put l=newer
     push l to C2
     hold store>C2
     d.f@C1 get k
     d.g@C2 get l`,
    writers,
    (outcome, level) => {
      expect(outcome.saw('d', 'l'), level).toEqual(['newer']);
      expect(outcome.fetches('l'), level).toBe(0);
      expect(outcome.violations()).toEqual([]);
    },
  );
});

test('T18 with nothing local, upstream answers; without a session there is nobody to ask', async () => {
  await playAtEveryLevel(
    `${deckFigure}
     evict C2:l
     wait 20
     hold store>C2
     d.f@C1 get k
     d.g@C2 get l`,
    writers,
    (outcome, level) => {
      const seen = byBounds(['new'], ['refused: unavailable'])[level];
      expect(outcome.saw('d', 'l'), level).toEqual(seen);
      expect(outcome.fetches('l'), level).toBe(byBounds(1, 0)[level]);
    },
  );
});

test('T19 concurrent: both, for this run alone (strict)', async () => {
  const seen = byBounds([['new', 'other']], [['other']]);
  await playAtEveryLevel(
    `warm C1:l
     warm C2:l
     x@C2 put l=other
     u0@C1 put l=old
     u1@C1 get l
     u1@C1 put l=new
     u1@C1 put k=v
     hold store>C2
     d.f@C1 get k
     d.g@C2 all l
     e@C2 all l`,
    writers,
    (outcome, level) => {
      expect(outcome.saw('d', 'k'), level).toEqual(['v']);
      expect(outcome.saw('d', 'l'), level).toEqual(seen[level]);
      expect(outcome.fetches('l'), level).toBe(byBounds(1, 0)[level]);
      // C2's own copy is what it was.
      expect(outcome.saw('e', 'l'), level).toEqual([['other']]);
      expect(outcome.violations()).toEqual([]);
    },
  );
});

test('T20 early return: an old read of l does not hide what k requires of it', async () => {
  await playAtEveryLevel(
    `u0@C3 put l=old
     warm C1:l
     warm C2:l
     d.f@C1 get l
     u1@C3 get l
     u1@C3 put l=new
     u1@C3 put k=v
     push l to C1
     d.f@C1 get k
     hold store>C2
     d.g@C2 get l`,
    writers,
    (outcome, level) => {
      const seen: AtEveryLevel<unknown> = {
        lww: ['old', 'old'],
        'repeatable-read': ['old', 'old'],
        'single-key-causal': ['old', 'old'],
        'multi-key-causal': ['old', 'old'],
        causal: ['old', 'new'],
        // The second read does not fit the first, so the run starts again.
        'causal-cut': ['new', 'new'],
      };
      expect(outcome.saw('d', 'k'), level).toEqual(['v']);
      expect(outcome.saw('d', 'l'), level).toEqual(seen[level]);
      expect(outcome.attempts('d'), level).toBe(level === 'causal-cut' ? 2 : 1);
      expect(outcome.violations()).toEqual([]);
    },
  );
});

test('T21 transitive: through a key that nobody reads, by a dynamic get', async () => {
  const seen = byBounds(['new'], ['old']);
  await playAtEveryLevel(
    `u0@C1 put l=old
     warm C2:l
     u1@C1 get l
     u1@C1 put l=new
     u2@C1 get l
     u2@C1 put m=1
     x1@C1 get m
     x1@C1 put k=v
     d.f@C1 get k
     d.g@C2 get l`,
    writers,
    (outcome, level) => {
      expect(outcome.saw('d', 'k'), level).toEqual(['v']);
      expect(outcome.saw('d', 'l'), level).toEqual(seen[level]);
      expect(outcome.fetches('l'), level).toBe(byBounds(1, 0)[level]);
      expect(outcome.violations()).toEqual([]);
    },
  );
});

const chainOverM = `
  u0@C1 put l=old
  warm C2:l
  u1@C1 get l
  u1@C1 put l=new
  u2@C1 get l
  warm C3:m
  u2@C1 put m=1
  x1@C1 get m
  x1@C1 put k=v`;

/** What f has handed on, as text. */
const triggersOf = (outcome: Outcome, run: string): readonly string[] =>
  outcome
    .messages(({ message }) => message.type === 'executor.trigger' && message.invocation === run)
    .map(({ message }) => canonicalText(message));

const carriesPast = (level: ConsistencyLevel): boolean =>
  level !== 'lww' && level !== 'single-key-causal';

test('T21 declared keys: m is nowhere in the message, and the token still knows of it', async () => {
  const seen = byBounds(['new'], ['old']);
  const afterwards: AtEveryLevel<unknown> = {
    lww: [null],
    'repeatable-read': [null],
    'single-key-causal': [null],
    'multi-key-causal': [1],
    causal: [1],
    'causal-cut': [1],
  };
  await playAtEveryLevel(
    `${chainOverM}
     d.f@C1 argument k
     d.g@C2 argument l
     e continues d
     e@C3 get m`,
    writers,
    (outcome, level) => {
      const [trigger, ...more] = triggersOf(outcome, 'd');
      expect(more).toEqual([]);
      expect(trigger?.includes('"l"'), level).toBe(carriesPast(level));
      expect(trigger, level).not.toContain('"m"');
      expect(outcome.saw('d', 'k'), level).toEqual(['v']);
      expect(outcome.saw('d', 'l'), level).toEqual(seen[level]);
      expect(outcome.attempts('d'), level).toBe(1);
      expect(outcome.saw('e', 'm'), level).toEqual(afterwards[level]);
      expect(outcome.violations()).toEqual([]);
    },
  );
});

test('T21 where g may read anything, m is in the message at every level that depends on it', async () => {
  await playAtEveryLevel(
    `${chainOverM}
     d.f@C1 get k
     d.g@C2 get l`,
    writers,
    (outcome, level) => {
      const [trigger] = triggersOf(outcome, 'd');
      expect(trigger?.includes('"m"'), level).toBe(carriesPast(level));
    },
  );
});

test('T22 default branch: what g read of an unrelated key binds h', async () => {
  const seen = byBounds(['new', 'new'], ['new', 'old']);
  await playAtEveryLevel(
    `init p=1
     u0@C1 put q=old
     warm C3:q
     u1@C1 get q
     u1@C1 put q=new
     d.f@C1 get p
     d.g@C2 get q
     hold store>C3
     d.h@C3 get q`,
    writers,
    (outcome, level) => {
      // Repeatable read fetches the exact version; the causal levels one that covers it.
      const isBound = level === 'repeatable-read' || byBounds(true, false)[level];
      expect(outcome.saw('d', 'q'), level).toEqual(isBound ? ['new', 'new'] : seen[level]);
      expect(outcome.fetches('q'), level).toBe(isBound ? 1 : 0);
      expect(outcome.violations()).toEqual([]);
    },
  );
});

test('T23 upstream out of reach: storage has it, no restart', async () => {
  const seen = byBounds(['new'], ['old']);
  await playAtEveryLevel(
    `${deckFigure}
     d.f@C1 get k
     lose C2>C1
     d.g@C2 get l`,
    writers,
    (outcome, level) => {
      expect(outcome.saw('d', 'l'), level).toEqual(seen[level]);
      expect(outcome.attempts('d'), level).toBe(1);
      expect(outcome.violations()).toEqual([]);
    },
  );
});

test('[SCHED6] T23 upstream killed: storage has it, and the first attempt goes on', async () => {
  const seen = byBounds(['new'], ['old']);
  await playAtEveryLevel(
    `${deckFigure}
     d.f@C1 get k
     crash C1
     d.g@C2 get l`,
    writers,
    (outcome, level) => {
      expect(outcome.saw('d', 'k'), level).toEqual(['v']);
      expect(outcome.saw('d', 'l'), level).toEqual(seen[level]);
      // What was read there is protected no more: causal-cut starts again rather than go on.
      expect(outcome.attempts('d'), level).toBe(level === 'causal-cut' ? 2 : 1);
      expect(outcome.answersSent('d')).toBe(1);
      expect(outcome.violations()).toEqual([]);
    },
  );
});

test('T23 upstream out of reach and storage behind: unavailable, never k beside the old l', async () => {
  await playAtEveryLevel(
    `owner s1:k
     owner s2:l
     u0@C1 put l=old
     warm C2:l
     backup s2
     u1@C1 get l
     u1@C1 put l=new
     u1@C1 put k=v
     warm C1:k,l
     restore s2
     lose C2>C1
     d.f@C1 get k
     d.g@C2 get l`,
    writers,
    (outcome, level) => {
      expect(outcome.failure('d'), level).toBe(byBounds('unavailable', undefined)[level]);
      if (outcome.failure('d') === undefined) expect(outcome.saw('d', 'l'), level).toEqual(['old']);
    },
  );
});
