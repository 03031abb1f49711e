// The invariants of three levels over drawn scenarios: delays, held links, skewed clocks, repeated
// messages, crashes.
import { describe, expect, test } from 'vitest';
import { checkHistory } from './check-history.ts';
import { runSimulation } from './run-simulation.ts';
import { checkCounter, drawScenario } from './workload.ts';

const SCHEDULES = 200;

describe('drawn scenarios', () => {
  for (const level of ['lww', 'repeatable-read', 'causal'] as const) {
    test(`${level}: seeds 1 to ${SCHEDULES} break no rule`, { timeout: 120_000 }, async () => {
      const broken: string[] = [];
      const hashes = new Set<string>();
      for (let seed = 1; seed <= SCHEDULES; seed += 1) {
        const scenario = drawScenario(`${seed}`, level);
        const { history, hash } = await runSimulation(`${seed}`, scenario);
        const violations = [...checkHistory(history, scenario), ...checkCounter(history, scenario)];
        broken.push(...violations.map((violation) => `seed ${seed}: ${violation}`));
        hashes.add(hash);
      }
      expect(broken).toEqual([]);
      expect(hashes.size).toBe(SCHEDULES);
    });
  }
});
