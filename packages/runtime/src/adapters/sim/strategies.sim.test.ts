// A protocol decision that a test replaces is taken by the roles: with a published defect the
// anomaly that the corrected one prevents comes back.
import { correctedProtocol, decideRead, type ProtocolStrategies } from '@stormglass/core';
import { expect, test } from 'vitest';
import { checkHistory } from './check-history.ts';
import { runSimulation } from './run-simulation.ts';
import { drawScenario } from './workload.ts';

/** Whatever the level is, whatever is here is served (2.3 rows 5 to 7). */
const asIfLww: ProtocolStrategies = {
  ...correctedProtocol,
  decideRead: (question) =>
    decideRead({ ...question, session: { ...question.session, level: 'lww' } }),
};

/** The first schedules whose history breaks a rule. */
async function brokenSeeds(strategies?: ProtocolStrategies): Promise<readonly number[]> {
  const broken: number[] = [];
  for (let seed = 1; seed <= 60; seed += 1) {
    const scenario = drawScenario(`${seed}`, 'repeatable-read');
    const { history } = await runSimulation(`${seed}`, scenario, { strategies });
    if (checkHistory(history, scenario).length > 0) broken.push(seed);
  }
  return broken;
}

test('a replaced decision is found out by the check; the corrected one is not', async () => {
  expect(await brokenSeeds(asIfLww)).not.toEqual([]);
  expect(await brokenSeeds()).toEqual([]);
});
