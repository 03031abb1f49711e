// Example 1 on the simulated cluster: increment, then square.
import { describe, expect, test } from 'vitest';
import { checkHistory } from './check-history.ts';
import { runSimulation } from './run-simulation.ts';
import { CALM_SCENARIO, type Scenario } from './scenario.ts';
import { work } from './script.ts';

const composition: Scenario = {
  ...CALM_SCENARIO,
  functions: [
    {
      name: 'increment',
      parameters: ['x'],
      *script(x) {
        yield* work(0.01);
        return Number(x) + 1;
      },
    },
    {
      name: 'square',
      parameters: ['x'],
      *script(x) {
        yield* work(0.01);
        return Number(x) ** 2;
      },
    },
  ],
  dags: [
    {
      name: 'composition',
      nodes: [
        { id: 'inc', function: 'increment' },
        { id: 'sq', function: 'square' },
      ],
      edges: [{ from: 'inc', to: 'sq', parameter: 'x' }],
    },
  ],
  clients: [
    [4, 9].map((x) => ({
      do: 'invoke',
      invocation: `x=${x}`,
      dag: 'composition',
      arguments: new Map([['inc', new Map([['x', { value: x }]])]]),
      level: 'causal',
    })),
  ],
};

describe('composition', () => {
  test('f(g(x)) is answered, and a seed gives the same history twice', async () => {
    const hashes = new Set<string>();
    for (const seed of ['1', '2', '3', '4', '5']) {
      const first = await runSimulation(seed, composition);
      const again = await runSimulation(seed, composition);
      const answers = first.history.filter((entry) => entry.kind === 'answer');
      expect(answers.map(({ results }) => results)).toEqual([[['sq', '25']], [['sq', '100']]]);
      expect(checkHistory(first.history, composition)).toEqual([]);
      expect(again.hash).toBe(first.hash);
      expect(again.events).toEqual(first.events);
      hashes.add(first.hash);
    }
    expect(hashes.size).toBe(5);
  });
});
