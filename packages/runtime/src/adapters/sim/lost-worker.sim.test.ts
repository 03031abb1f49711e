// A worker dies while a DAG runs on it: another attempt, one answer, the writes take effect once.
import { describe, expect, test } from 'vitest';
import { checkHistory } from './check-history.ts';
import { runSimulation } from './run-simulation.ts';
import { CALM_SCENARIO, type Scenario } from './scenario.ts';
import { get, merge, put, work } from './script.ts';
import { placedOn, settleHomes, stayHome, stayHomeDag } from './two-homes.ts';

const lostWorker = (restartAfterMs: number): Scenario => ({
  ...CALM_SCENARIO,
  functions: [
    stayHome,
    {
      name: 'f',
      parameters: ['home'],
      *script() {
        yield* merge('runs', { kind: 'counter', add: 1 });
        yield* put('k', 'from f');
      },
    },
    {
      name: 'g',
      parameters: ['home', 'x'],
      *script() {
        const k = yield* get('k');
        yield* work(50);
        return k;
      },
    },
  ],
  dags: [
    stayHomeDag,
    {
      name: 'fg',
      nodes: [
        { id: 'f', function: 'f' },
        { id: 'g', function: 'g' },
      ],
      edges: [{ from: 'f', to: 'g', parameter: 'x' }],
    },
  ],
  clients: [
    [
      ...settleHomes,
      {
        do: 'invoke',
        invocation: 'fg',
        dag: 'fg',
        arguments: placedOn({ f: 'w1', g: 'w2' }),
        level: 'causal',
      },
    ],
    [
      { do: 'await-event', kind: 'function.started', node: 'g' },
      { do: 'wait', durationMs: 10 },
      { do: 'crash-worker', worker: 'w2', restartAfterMs },
    ],
  ],
});

describe('a lost worker', () => {
  test('the DAG runs again as attempt 2, is answered once and takes effect once', async () => {
    for (const restartAfterMs of [0, 20, 1_000]) {
      const scenario = lostWorker(restartAfterMs);
      const hashes = new Set<string>();
      for (const seed of ['1', '2', '3', '4', '5']) {
        const { history, hash } = await runSimulation(seed, scenario);
        expect((await runSimulation(seed, scenario)).hash).toBe(hash);
        hashes.add(hash);
        const answers = history.filter(
          (entry) => entry.kind === 'answer' && entry.invocation === 'fg',
        );
        expect(answers).toMatchObject([
          { attempts: 2, results: [['g', '"from f"']], failure: undefined },
        ]);
        expect(
          history.find((entry) => entry.kind === 'final' && entry.key === 'runs'),
        ).toMatchObject({
          value: '1',
        });
        expect(checkHistory(history, scenario)).toEqual([]);
      }
      expect(hashes.size).toBe(5);
    }
  });
});
