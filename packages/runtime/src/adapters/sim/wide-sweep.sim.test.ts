// The invariants of all levels over larger DAGs: diamonds, several sources and sinks, the same
// function at every node, keys named by arguments and inside functions, three caches.
import { consistencyLevels } from '@stormglass/core';
import { describe, expect, test } from 'vitest';
import { runSchedule } from './run-schedule.ts';
import { drawScenario } from './workload.ts';
import { WIDE } from './workload-shapes.ts';

const SCHEDULES = 50;

describe('drawn scenarios of larger DAGs', () => {
  test.each(consistencyLevels)(
    `%s: seeds 1 to ${SCHEDULES} break no rule`,
    { timeout: 120_000 },
    async (level) => {
      const broken: string[] = [];
      for (let seed = 1; seed <= SCHEDULES; seed += 1) {
        const scenario = drawScenario(`${seed}`, level, WIDE);
        const { violations } = await runSchedule({ seed: `${seed}`, scenario });
        broken.push(...violations.map(({ sentence }) => `seed ${seed}: ${sentence}`));
      }
      expect(broken).toEqual([]);
    },
  );
});
