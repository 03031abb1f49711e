// X3: a hot key is copied to further machines because its machine is busy, on the simulated cluster.
import { expect, test } from 'vitest';
import { runSimulation } from '../run-simulation.ts';
import { CALM_SCENARIO, type ClientStep, type Scenario } from '../scenario.ts';
import { work } from '../script.ts';

const CALLS_PER_CLIENT = 200;

/** Each call names `hot`, which makes it go where `hot` is cached, and takes 50 ms. */
const clients = (count: number): Scenario => ({
  ...CALM_SCENARIO,
  functions: [
    {
      name: 'look',
      parameters: ['hot'],
      *script(hot) {
        yield* work(50);
        return hot;
      },
    },
  ],
  dags: [{ name: 'look', nodes: [{ id: 'look', function: 'look' }], edges: [] }],
  clients: Array.from({ length: count }, (_, client) => [
    // The first call caches the key; the others come when the scheduler has heard of it.
    { do: 'wait', durationMs: client === 0 ? 0 : 200 } as const,
    ...Array.from({ length: CALLS_PER_CLIENT }, (_call, call): ClientStep => ({
      do: 'invoke',
      invocation: `${client}-${call}`,
      dag: 'look',
      arguments: new Map([['look', new Map([['hot', { ref: 'hot' }]])]]),
      level: 'lww',
    })),
  ]),
});

async function sharesOf(scenario: Scenario): Promise<ReadonlyMap<string, number>> {
  const { history, virtualMs } = await runSimulation('1', scenario, { turnsMax: 1_000_000 });
  expect(virtualMs).toBeGreaterThan(10_000);
  const reads = history.filter((entry) => entry.kind === 'read');
  expect(reads.length).toBe(scenario.clients.length * CALLS_PER_CLIENT);
  return new Map(
    ['w1', 'w2'].map((id) => [
      id,
      reads.filter(({ worker }) => worker === id).length / reads.length,
    ]),
  );
}

test('X3 while its machine is not busy, all calls go where the key is', async () => {
  const shares = await sharesOf(clients(2));
  expect(shares.get('w1')).toBe(1);
});

test('X3 once its machine is busy, another one caches the key and serves a share', async () => {
  const shares = await sharesOf(clients(8));
  expect(shares.get('w1')).toBeLessThan(1);
  expect(shares.get('w2')).toBeGreaterThan(0);
});
