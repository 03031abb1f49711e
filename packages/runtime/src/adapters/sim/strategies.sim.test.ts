// A protocol decision that a test replaces is taken by the roles: with a published defect the
// anomaly that the corrected one prevents comes back.
import {
  correctedProtocol,
  type ConsistencyLevel,
  decideRead,
  mergeSessions,
  NO_DEPENDENCIES,
  type ProtocolStrategies,
} from '@stormglass/core';
import { describe, expect, test } from 'vitest';
import { checkHistory } from './check-history.ts';
import { runSimulation } from './run-simulation.ts';
import { drawScenario } from './workload.ts';

/** Reads are decided as at another level. */
const decidingAt = (level: ConsistencyLevel): ProtocolStrategies => ({
  ...correctedProtocol,
  decideRead: (question) => decideRead({ ...question, session: { ...question.session, level } }),
});

/** Branches that do not go together go on (2.3 row 11). */
const withoutConflicts: ProtocolStrategies = {
  ...correctedProtocol,
  mergeSessions: (sessions) => ({
    ...mergeSessions(sessions),
    conflicts: [],
    floors: NO_DEPENDENCIES,
  }),
};

const SCHEDULES_MAX = 400;

/** The first schedule whose history breaks a rule. */
async function firstBroken(
  level: ConsistencyLevel,
  strategies: ProtocolStrategies,
): Promise<number | undefined> {
  for (let seed = 1; seed <= SCHEDULES_MAX; seed += 1) {
    const scenario = drawScenario(`${seed}`, level);
    const { history } = await runSimulation(`${seed}`, scenario, { strategies });
    if (checkHistory(history, scenario).length > 0) return seed;
  }
  return undefined;
}

describe('a replaced decision is found out by the check', { timeout: 60_000 }, () => {
  for (const [level, defect, strategies] of [
    ['repeatable-read', 'whatever is here is served', decidingAt('lww')],
    ['repeatable-read', 'no conflict at fan-in', withoutConflicts],
    ['causal', 'whatever is in the cut is served', decidingAt('multi-key-causal')],
    ['causal-cut', 'only forward checks', decidingAt('causal')],
    ['causal-cut', 'no conflict at fan-in', withoutConflicts],
  ] as const) {
    test(`${level}: ${defect}`, async () => {
      expect(await firstBroken(level, strategies)).toBeDefined();
    });
  }
});
