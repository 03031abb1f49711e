// The invariants of all levels over drawn scenarios with all faults. Every tenth seed runs twice, and in
// between with each message checked.
import { consistencyLevels } from '@stormglass/core';
import { describe, expect, test } from 'vitest';
import { HashRing } from '../../storage/hash-ring.ts';
import { runSchedule } from './run-schedule.ts';
import { DRAWN_STORAGES, drawScenario } from './workload.ts';

const SCHEDULES = 60;
const ring = new HashRing(DRAWN_STORAGES);

describe('drawn scenarios', () => {
  test.each(consistencyLevels)(
    `%s: seeds 1 to ${SCHEDULES} break no rule`,
    { timeout: 120_000 },
    async (level) => {
      const broken: string[] = [];
      const hashes = new Set<string>();
      for (let seed = 1; seed <= SCHEDULES; seed += 1) {
        const options = { isTwice: seed % 10 === 0, isStrict: seed % 10 === 5, ring };
        const scenario = drawScenario(`${seed}`, level);
        const run = await runSchedule({ seed: `${seed}`, scenario }, options);
        const { violations, simulation } = run;
        broken.push(...violations.map(({ sentence }) => `seed ${seed}: ${sentence}`));
        if (simulation !== undefined) hashes.add(simulation.hash);
      }
      expect(broken).toEqual([]);
      expect(hashes.size).toBe(SCHEDULES);
    },
  );

  // In seeds 74 and 1961 a cache is sent the very object that it has pinned.
  test('neither checking messages nor keeping events changes what happens', async () => {
    for (const seed of ['1', '2', '3', '74', '1961']) {
      const schedule = { seed, scenario: drawScenario(seed, 'causal') };
      const ways = [{ isStrict: true }, { isStrict: false }, { keepsEvents: false }];
      const runs = await Promise.all(ways.map((way) => runSchedule(schedule, { ...way, ring })));
      const [checked, ...others] = runs.map(({ simulation }) => simulation?.hash);
      expect(others).toEqual([checked, checked]);
      const [toldChecked, told] = runs.map(({ simulation }) => simulation?.events);
      expect(told).toEqual(toldChecked);
    }
  });
});
