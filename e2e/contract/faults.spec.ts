/**
 * What clients see while processes are killed, judged by checkers that know nothing of the system.
 */
import { checkHistory, parseHistory } from '@stormglass/checker';
import { levels, type Level } from '../api-client.ts';
import { expect, test } from '../contract-fixture.ts';
import { historyOf } from '../faults/history-of.ts';
import { recordRun, type Asked, type Fault } from '../faults/record-run.ts';

const FAULTS: readonly Fault[] = ['worker killed', 'worker paused', 'everything killed'];

const ANSWERED_MIN = 6;

const answeredAt = (level: Level, asked: readonly Asked[]): number =>
  asked.filter((one) => one.level === level && one.outcome.status === 'ok').length;

test('every level keeps its promises while workers are killed and the server starts again', async ({
  ownServer,
}) => {
  let struck = 0;
  const run = await recordRun(ownServer, {
    levels,
    clientsPerLevel: 1,
    durationMs: 6_000,
    faultEveryMs: 1_000,
    isEnough: ({ asked, faults }) =>
      FAULTS.every((fault) => faults.has(fault)) &&
      levels.every((level) => answeredAt(level, asked) >= ANSWERED_MIN),
    nextFault: () => {
      const fault = FAULTS[struck % FAULTS.length];
      struck += 1;
      return fault ?? 'worker killed';
    },
  });
  const history = parseHistory(JSON.stringify(historyOf(run)));
  expect(checkHistory(history).map(({ sentence }) => sentence)).toEqual([]);
  expect([...run.faults.keys()].toSorted()).toEqual([...FAULTS].toSorted());
  for (const level of levels) {
    expect(answeredAt(level, run.asked), level).toBeGreaterThanOrEqual(ANSWERED_MIN);
  }
  expect(run.asked.filter(({ outcome }) => outcome.status === 'unknown')).toEqual([]);
});
