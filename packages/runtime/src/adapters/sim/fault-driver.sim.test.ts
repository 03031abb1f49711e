// Planned faults happen when they are planned, are counted, and end when everything heals.
import { expect, test } from 'vitest';
import { runSchedule } from './run-schedule.ts';
import type { FaultKind } from './faults.ts';
import type { PlannedFault } from './planned-fault.ts';
import { drawScenario } from './workload.ts';

// At lww a version is a time, so that a wrong clock shows.
const drawn = drawScenario('7', 'lww');

/** The calmest world with these faults in it. */
const run = (faults: readonly PlannedFault[]) =>
  runSchedule({
    seed: '7',
    scenario: {
      ...drawn,
      faults,
      network: { ...drawn.network, slowShare: 0, duplicateShare: 0, reorderShare: 0, lossShare: 0 },
      workers: drawn.workers.map(({ id, executors }) => ({
        id,
        executors,
        clock: { skewMs: 0, driftPpm: 0 },
      })),
    },
  });

const at = { atMs: 150 };
const window = { atMs: 150, durationMs: 100 };
const everyKind: readonly (readonly [string, PlannedFault, FaultKind])[] = [
  [
    'worker crash',
    { id: 'x', kind: 'crash', machine: 'w1', when: at, restartAfterMs: 5 },
    'worker crash',
  ],
  [
    'storage crash',
    { id: 'x', kind: 'crash', machine: 's1', when: at, restartAfterMs: 5 },
    'storage crash',
  ],
  [
    'scheduler crash',
    { id: 'x', kind: 'crash', machine: 'control', when: at, restartAfterMs: 5 },
    'scheduler crash',
  ],
  [
    'server crash',
    { id: 'x', kind: 'crash', machine: 'server', when: at, restartAfterMs: 5 },
    'server crash',
  ],
  [
    'partition',
    {
      id: 'x',
      kind: 'partition',
      manner: 'hold',
      from: ['w1'],
      to: ['s1', 's2'],
      isOneWay: false,
      ...window,
      flapMs: 20,
    },
    'partition',
  ],
  ['clock jump', { id: 'x', kind: 'clock-jump', machine: 'w1', ...at, byMs: 5_000 }, 'clock jump'],
  [
    'slow node',
    { id: 'x', kind: 'slow-node', machine: 'w1', ...window, extraUs: { min: 1, max: 9_000 } },
    'slow node',
  ],
  ['pause', { id: 'x', kind: 'pause', machine: 'w1', ...window }, 'pause'],
  [
    'slow disk',
    { id: 'x', kind: 'slow-disk', machine: 's1', ...window, extraUs: { min: 1, max: 9_000 } },
    'slow disk',
  ],
  [
    'evictions',
    { id: 'x', kind: 'evictions', machine: 'w1', ...window, everyMs: 10, keys: ['a', 'b'] },
    'eviction',
  ],
];

test.each(everyKind)(
  '%s: it changes what happens, and nothing is broken',
  async (_, fault, kind) => {
    const calm = await run([]);
    const { simulation, violations } = await run([fault]);
    expect(violations).toEqual([]);
    expect(calm.violations).toEqual([]);
    expect([...(calm.simulation?.faults.keys() ?? [])]).toEqual([]);
    expect(simulation?.faults.get(kind)).toBeGreaterThan(0);
    expect(simulation?.hash).not.toBe(calm.simulation?.hash);
  },
);
