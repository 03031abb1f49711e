// A published defect that is put back shows in the schedule of its scenario: what the corrected protocol
// answers, and what the defect answers with the same messages.
import { must, type ConsistencyLevel } from '@stormglass/core';
import { expect, test } from 'vitest';
import { allDefects } from '../defects/all-defects.ts';
import type { Outcome } from './outcome.ts';
import { playSchedule, type PlayOptions } from './play-schedule.ts';

interface DefectInScenario {
  readonly defect: string;
  readonly level: ConsistencyLevel;
  readonly schedule: string;
  /** What is looked at. */
  readonly seen: (outcome: Outcome) => unknown;
  readonly corrected: unknown;
  readonly defective: unknown;
}

const writers: PlayOptions['levels'] = { u0: 'causal', u1: 'causal', u2: 'causal', x: 'causal' };

/** k depends on the new l, both in C1's cut; C2 has the old l. */
const deckFigure = `
  u0@C1 put l=old
  warm C2:l
  u1@C1 get l
  u1@C1 put l=new
  u1@C1 put k=v
  warm C1:k,l`;

const saw =
  (run: string, key: string) =>
  (outcome: Outcome): unknown =>
    outcome.failure(run) ?? outcome.saw(run, key);

const rows: readonly DefectInScenario[] = [
  {
    defect: 'reversed-validity',
    level: 'causal',
    schedule: `${deckFigure}
      hold store>C2
      d.f@C1 get k
      d.g@C2 get l`,
    seen: saw('d', 'l'),
    corrected: ['new'],
    defective: ['old'],
  },
  {
    defect: 'no-null-test',
    level: 'causal',
    schedule: `${deckFigure}
      evict C2:l
      hold store>C2
      d.f@C1 get k
      d.g@C2 get l`,
    seen: saw('d', 'l'),
    corrected: ['new'],
    defective: [null],
  },
  {
    defect: 'no-default-branch',
    level: 'causal',
    schedule: `
      u0@C1 put q=1
      warm C2:q
      d.f@C1 get p
      d.g@C2 get q`,
    seen: saw('d', 'q'),
    corrected: [1],
    defective: [null],
  },
  {
    defect: 'early-return',
    level: 'causal',
    schedule: `
      u0@C3 put l=old
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
    seen: saw('d', 'l'),
    corrected: ['old', 'new'],
    defective: ['old', 'old'],
  },
  {
    defect: 'no-record',
    level: 'repeatable-read',
    schedule: `
      init m=7
      warm C2:m
      d.f@C1 get m
      write m=9
      push m to C2
      d.g@C2 get m`,
    seen: saw('d', 'm'),
    corrected: [7, 7],
    defective: [7, 9],
  },
  {
    defect: 'concurrent-is-fine',
    level: 'causal',
    schedule: `
      warm C1:l
      warm C2:l
      x@C2 put l=other
      u0@C1 put l=old
      u1@C1 get l
      u1@C1 put l=new
      u1@C1 put k=v
      hold store>C2
      d.f@C1 get k
      d.g@C2 all l`,
    seen: saw('d', 'l'),
    corrected: [['new', 'other']],
    defective: [['other']],
  },
  {
    defect: 'forward-checks-only',
    level: 'causal-cut',
    schedule: `
      u0@C3 put l=old
      d.f@C1 get l
      u1@C3 get l
      u1@C3 put l=new
      u1@C3 put k=v
      warm C2:l,k
      d.g@C2 get k`,
    seen: (outcome) => [outcome.saw('d', 'l'), outcome.saw('d', 'k')],
    corrected: [['new'], ['v']],
    defective: [['old'], ['v']],
  },
  {
    defect: 'monotonic-only',
    level: 'repeatable-read',
    schedule: `
      init k=10
      warm C2:k
      d.f@C1 get k
      write k=20
      push k to C2
      d.g@C2 get k`,
    seen: saw('d', 'k'),
    corrected: [10, 10],
    defective: [10, 20],
  },
  {
    defect: 'no-own-writes',
    level: 'causal',
    schedule: `
      init k=10
      warm C2:k
      d.f@C1 get k
      d.f@C1 put k=mine
      d.g@C2 get k`,
    seen: saw('d', 'k'),
    corrected: [10, 'mine'],
    defective: [10, 10],
  },
  {
    defect: 'no-fan-in-test',
    level: 'repeatable-read',
    schedule: `
      init k=10
      warm C1:k
      shape d: a>c b>c
      d.a@C1 get k
      write k=20
      d.b@C2 get k
      d.c@C3 get k`,
    seen: (outcome) => new Set(outcome.saw('d', 'k')).size,
    corrected: 1,
    defective: 2,
  },
  {
    defect: 'absent-not-recorded',
    level: 'repeatable-read',
    schedule: `
      d.f@C1 get k
      write k=5
      warm C2:k
      d.g@C2 get k`,
    seen: saw('d', 'k'),
    corrected: [null, null],
    defective: [null, 5],
  },
  {
    defect: 'late-pin',
    level: 'repeatable-read',
    schedule: `
      init k=10
      warm C1:k
      d.f@C1 get k
      write k=20
      push k to C1
      d.f@C1 get k`,
    seen: saw('d', 'k'),
    corrected: [10, 10],
    defective: [10, 20],
  },
  {
    defect: 'dropped-inheritance',
    level: 'causal',
    schedule: `
      init a=0
      warm C3:a
      u0@C1 get a
      u0@C1 put a=1
      u1@C1 get a
      u1@C1 put b=1
      u2@C2 get b
      u2@C2 put b=2
      r@C3 get b
      r@C3 get a`,
    seen: saw('r', 'a'),
    corrected: [1],
    defective: [0],
  },
  {
    defect: 'nearest-only-triggers',
    level: 'causal',
    schedule: `
      u0@C1 put l=old
      warm C2:l
      u1@C1 get l
      u1@C1 put l=new
      u2@C1 get l
      u2@C1 put m=1
      x@C1 get m
      x@C1 put k=v
      d.f@C1 get k
      d.g@C2 get l`,
    seen: saw('d', 'l'),
    corrected: ['new'],
    defective: ['old'],
  },
  {
    defect: 'closure-without-itself',
    level: 'causal',
    schedule: `
      u0@C1 put q=old
      warm C3:q
      u1@C1 get q
      u1@C1 put q=new
      d.g@C2 get q
      hold store>C3
      d.h@C3 get q`,
    seen: saw('d', 'q'),
    corrected: ['new', 'new'],
    defective: ['new', 'old'],
  },
  {
    defect: 'one-upstream',
    level: 'causal',
    schedule: `
      warm C1:l
      warm C2:l
      x@C2 put l=other
      x@C2 put j=v
      u1@C1 put l=new
      u1@C1 put k=v
      d.f@C1 get k
      d.g@C2 get j
      hold store>C3
      d.h@C3 all l`,
    seen: saw('d', 'l'),
    corrected: [['new', 'other']],
    defective: [['new']],
  },
  {
    defect: 'pins-by-client',
    level: 'repeatable-read',
    schedule: `
      init k=10
      r1.f@C1 get k
      r2.f@C1 get k
      write k=20
      push k to C1
      r1.g@C2 get other
      r2.g@C2 get k`,
    // What ends one of them ends both.
    seen: (outcome) => outcome.failure('r2') === undefined && outcome.attempts('r2') === 1,
    corrected: true,
    defective: false,
  },
  {
    defect: 'object-cache',
    level: 'lww',
    schedule: `
      init k=1
      r1@C1 get k
      write k=2
      push k to C1
      r2@C1 get k`,
    seen: saw('r2', 'k'),
    corrected: [2],
    defective: [1],
  },
  {
    defect: 'published-merge',
    level: 'causal',
    schedule: `
      x@C1 put k=x
      u0@C2 put k=y
      u1@C1 get k
      u1@C1 put k=z
      r@C3 all k`,
    seen: saw('r', 'k'),
    corrected: [['y', 'z']],
    defective: [['x', 'y', 'z']],
  },
  {
    defect: 'missed-update',
    level: 'lww',
    schedule: `
      init k=1
      r1@C1 get k
      write k=2
      push k to C1
      r2@C1 get k`,
    seen: saw('r2', 'k'),
    corrected: [2],
    defective: [1],
  },
  {
    defect: 'last-write-alone',
    level: 'causal',
    schedule: `
      shape d: a>c b>c
      d.a@C1 put k=kept
      wait 1
      d.b@C2 delete k
      d.c@C3 get k`,
    seen: saw('d', 'k'),
    corrected: ['kept'],
    defective: [null],
  },
  {
    defect: 'newest-first',
    level: 'causal',
    schedule: `
      d.f@C1 put k=mine
      wait 1
      u0@C2 put k=other
      u0@C2 put l=1
      d.f@C1 get l
      d.f@C1 get k`,
    seen: saw('d', 'k'),
    corrected: ['mine'],
    defective: ['other'],
  },
  {
    defect: 'blind-puts',
    level: 'single-key-causal',
    schedule: `
      u0@C1 put k=old
      d@C1 get k
      d@C1 put k=new
      r@C3 all k`,
    seen: saw('r', 'k'),
    corrected: [['new']],
    defective: [['new', 'old']],
  },
];

test('every defect has a schedule, or a reason', () => {
  // A trigger that comes twice is a matter of the network, not of a schedule (X4).
  const elsewhere = ['repeated-triggers'];
  const played = rows.map(({ defect }) => defect);
  expect([...played, ...elsewhere].toSorted()).toEqual(
    allDefects.map(({ name }) => name).toSorted(),
  );
});

test.each(rows)('$defect', async ({ defect, level, schedule, seen, corrected, defective }) => {
  const { plant } = must(
    allDefects.find(({ name }) => name === defect),
    `There is no defect ${defect}`,
  );
  const options = { level, levels: writers };
  expect(seen(await playSchedule(schedule, options))).toEqual(corrected);
  expect(seen(await playSchedule(schedule, { ...options, plant }))).toEqual(defective);
});
