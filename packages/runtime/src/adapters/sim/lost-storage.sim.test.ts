// A storage node dies: what was acknowledged is there afterwards, and a commit that waits for it is
// finished.
import { describe, expect, test } from 'vitest';
import { HashRing } from '../../storage/hash-ring.ts';
import { checkHistory } from './check-history.ts';
import { runSimulation } from './run-simulation.ts';
import { CALM_SCENARIO, type Scenario } from './scenario.ts';
import { put } from './script.ts';

const seeds = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'];
const ring = new HashRing(CALM_SCENARIO.storages);
const keyOn = (storage: string): string =>
  ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].find((key) => ring.ownerOf('user', key) === storage) ??
  'no key of the list';
const [first, second] = [keyOn('s1'), keyOn('s2')];

const acknowledged: Scenario = {
  ...CALM_SCENARIO,
  clients: [
    [
      { do: 'put', key: first, value: 'kept' },
      { do: 'crash-storage', storage: 's1', restartAfterMs: 5 },
      { do: 'wait', durationMs: 10 },
      { do: 'get', key: first },
    ],
  ],
};

/** `lost` dies when both keys are written and the commit is about to start; s1 coordinates it. */
const waiting = (lost: string): Scenario => ({
  ...CALM_SCENARIO,
  functions: [
    {
      name: 'writeBoth',
      parameters: [],
      *script() {
        yield* put(first, 'one');
        yield* put(second, 'two');
      },
    },
  ],
  dags: [{ name: 'writeBoth', nodes: [{ id: 'writer', function: 'writeBoth' }], edges: [] }],
  clients: [
    [{ do: 'invoke', invocation: 'both', dag: 'writeBoth', level: 'causal' }],
    [
      { do: 'await-event', kind: 'function.finished', node: 'writer' },
      { do: 'crash-storage', storage: lost, restartAfterMs: 200 },
    ],
  ],
});

describe('a lost storage node', () => {
  test('an acknowledged put survives', async () => {
    for (const seed of seeds) {
      const { history, hash } = await runSimulation(seed, acknowledged);
      expect(history.filter((entry) => entry.kind === 'get')).toMatchObject([{ value: '"kept"' }]);
      expect(checkHistory(history, acknowledged)).toEqual([]);
      expect((await runSimulation(seed, acknowledged)).hash).toBe(hash);
    }
  });

  test('a commit over two nodes is finished when the lost one is back, and answered once', async () => {
    for (const lost of ['s1', 's2']) {
      const scenario = waiting(lost);
      for (const seed of seeds) {
        const { history, hash } = await runSimulation(seed, scenario);
        const [answer] = history.filter((entry) => entry.kind === 'answer');
        expect(answer).toMatchObject({ invocation: 'both', attempts: 1, failure: undefined });
        const restarted = history.find((entry) => entry.kind === 'restart');
        expect(answer?.atUs).toBeGreaterThan(restarted?.atUs ?? Number.NaN);
        const finals = new Map(
          history.flatMap((entry) => (entry.kind === 'final' ? [[entry.key, entry.value]] : [])),
        );
        expect([finals.get(first), finals.get(second)]).toEqual(['"one"', '"two"']);
        expect(checkHistory(history, scenario)).toEqual([]);
        expect((await runSimulation(seed, scenario)).hash).toBe(hash);
      }
    }
  });
});
