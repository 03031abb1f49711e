// Attempts that follow a conflict: what they are given, how many there are, and what the client hears
// when there are too many.
import { describe, expect, test } from 'vitest';
import { runSimulation } from '../run-simulation.ts';
import { drawScenario } from '../workload.ts';
import { WIDE } from '../workload-shapes.ts';
import { playAtEveryLevel, type AtEveryLevel } from './play-at-every-level.ts';
import { playSchedule } from './play-schedule.ts';

/** Levels at which one attempt reads one version of each key, and the others. */
const bySame = <T>(same: T, others: T): AtEveryLevel<T> => ({
  lww: others,
  'repeatable-read': same,
  'single-key-causal': others,
  'multi-key-causal': others,
  causal: others,
  'causal-cut': same,
});

const causalWriters = { levels: { u: 'causal', o: 'causal' } } as const;

test('[SCHED5] two sinks that read different versions: both read one, in the second attempt', async () => {
  await playAtEveryLevel(
    `init k=10
     shape d: s>a s>b
     d.s@C3 get other
     d.a@C1 get k
     w@C2 get k
     w@C2 put k=20
     d.b@C2 get k`,
    {},
    (outcome, level) => {
      const isSame = bySame(true, false)[level];
      expect(new Set(outcome.saw('d', 'k')).size, level).toBe(isSame ? 1 : 2);
      expect(outcome.attempts('d'), level).toBe(isSame ? 2 : 1);
      expect(outcome.answersSent('d')).toBe(1);
      expect(outcome.violations()).toEqual([]);
    },
  );
});

test('[SCHED5] the next attempt reads pinned versions in every cache, also where a newer one is live', async () => {
  const outcome = await playSchedule(
    `init k=10
     warm C1:k
     shape d: a>c b>c
     d.a@C1 get k
     w@C2 get k
     w@C2 put k=20
     d.b@C2 get k
     d.c@C3 get k`,
    { level: 'repeatable-read' },
  );
  // C1 has not heard of 20, and is the cache on which the version is pinned.
  expect(outcome.saw('d', 'k')).toEqual([10, 10, 10]);
  const second = outcome.reads('d', 'k').filter(({ attempt }) => attempt === 2);
  expect(Object.fromEntries(second.map(({ node, rule }) => [node, rule]))).toEqual({
    a: 'repeatable-read/pinned',
    b: 'repeatable-read/upstream',
    c: 'repeatable-read/upstream',
  });
});

test('[SCHED5] list and photo in two branches: neither sees the other, the join finds it', async () => {
  await playAtEveryLevel(
    `init acl=public
     init photo=p1
     shape d: f>j g>j
     d.f@C1 get acl
     o@C3 get acl
     o@C3 put acl=private
     o@C3 get photo
     o@C3 put photo=p2
     d.g@C2 get photo
     d.j@C1 get other`,
    causalWriters,
    (outcome, level) => {
      const isCut = level === 'causal-cut';
      expect(outcome.saw('d', 'photo'), level).toEqual(['p2']);
      expect(outcome.saw('d', 'acl'), level).toEqual([isCut ? 'private' : 'public']);
      expect(outcome.attempts('d'), level).toBe(isCut ? 2 : 1);
      expect(outcome.violations()).toEqual([]);
    },
  );
});

test('[SCHED5] a floor that storage has lost ends in unavailable, and says why', async () => {
  const outcome = await playSchedule(
    `owner s1:photo
     owner s2:acl
     init acl=public
     init photo=p1
     backup s2
     d.f@C1 get acl
     o@C3 get acl
     o@C3 put acl=private
     o@C3 get photo
     o@C3 put photo=p2
     warm C2:photo
     restore s2
     crash C3
     d.g@C2 get photo`,
    { level: 'causal-cut', ...causalWriters },
  );
  expect(outcome.failure('d')).toBe('unavailable');
  expect(outcome.answer('d').failure?.detail).toMatch(/attempts did not complete.*acl/u);
});

describe('in a world without faults', () => {
  test.each(['repeatable-read', 'causal-cut'] as const)(
    '[SCHED5] %s: what was pinned for one attempt does not conflict in the next, and each gets there',
    async (level) => {
      let conflicts = 0;
      for (let seed = 1; seed <= 60; seed += 1) {
        const drawn = drawScenario(`${seed}`, level, WIDE);
        const network = { ...drawn.network, lossShare: 0 };
        const scenario = { ...drawn, network, faults: [] };
        const { history, events } = await runSimulation(`${seed}`, scenario);
        const asked = new Map<string, string[]>();
        for (const { event } of events) {
          if (event.kind !== 'invocation.started' || event.cause === undefined) continue;
          const [, key] = / read (\S+) in versions/u.exec(event.cause) ?? [];
          if (key === undefined) continue;
          asked.set(event.invocation, [...(asked.get(event.invocation) ?? []), key]);
          conflicts += 1;
        }
        // At causal-cut another key may need a newer version of it than the one that was pinned.
        const timesMax = level === 'repeatable-read' ? 1 : 3;
        for (const keys of asked.values()) {
          for (const key of keys)
            expect(keys.filter((one) => one === key).length).toBeLessThanOrEqual(timesMax);
        }
        for (const entry of history) {
          if (entry.kind === 'answer') expect(entry.failure).not.toBe('unavailable');
        }
      }
      expect(conflicts).toBeGreaterThan(10);
    },
    60_000,
  );
});
