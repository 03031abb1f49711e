// X2: what workers tell of their executors reaches the policy, on the simulated cluster. The
// supervisor of a simulation tells nothing by itself; the test does.
import { SCHEDULER } from '@stormglass/core';
import { expect, test } from 'vitest';
import { UTILISATION_PERIOD_MS } from '../../../limits.ts';
import { runSimulation, type Helm } from '../run-simulation.ts';
import { CALM_SCENARIO, CONTROL_MACHINE, type Scenario } from '../scenario.ts';
import { work } from '../script.ts';

const calls: Scenario = {
  ...CALM_SCENARIO,
  functions: [
    {
      name: 'look',
      parameters: ['hot'],
      *script() {
        yield* work(4 * UTILISATION_PERIOD_MS);
      },
    },
  ],
  dags: [{ name: 'look', nodes: [{ id: 'look', function: 'look' }], edges: [] }],
};

const call = ({ cluster }: Helm, invocation: string): Promise<unknown> =>
  cluster.client.invoke({
    invocation,
    target: { dag: 'look' },
    arguments: new Map([['look', new Map([['hot', { ref: 'hot' }]])]]),
    consistency: 'lww',
    trace: true,
  });

/** Where calls go that name a key which only w1 has, while one of them runs there. */
async function placesAfterReport(utilisation: number): Promise<readonly string[]> {
  const { history } = await runSimulation('1', calls, {
    steer: async (helm) => {
      const { cluster, wait } = helm;
      const first = call(helm, 'first');
      // The cache has told what it has by then.
      await wait(UTILISATION_PERIOD_MS);
      cluster.network.transportOf('supervisor', cluster.lifeOf(CONTROL_MACHINE)).send(SCHEDULER, {
        type: 'scheduler.utilisation',
        executors: [['w1/e1', utilisation]],
      });
      await wait(1);
      const second = call(helm, 'second');
      await wait(2 * UTILISATION_PERIOD_MS);
      await Promise.all([first, second, call(helm, 'third')]);
    },
  });
  return history.flatMap((entry) => (entry.kind === 'read' ? [entry.worker] : []));
}

test('[SCHED2] a busy executor gets no call by its key, until what it told is two periods old (X2)', async () => {
  expect(await placesAfterReport(0.7)).toEqual(['w1', 'w1', 'w1']);
  expect(await placesAfterReport(0.71)).toEqual(['w1', 'w2', 'w1']);
});
