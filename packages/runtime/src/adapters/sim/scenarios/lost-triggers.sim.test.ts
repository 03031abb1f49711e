// X4: triggers that come twice or never, on the simulated cluster.
import { assert, must } from '@stormglass/core';
import { expect, test } from 'vitest';
import { allDefects } from '../defects/all-defects.ts';
import { runSimulation, type Helm, type Simulation } from '../run-simulation.ts';
import { CALM_SCENARIO, type Scenario } from '../scenario.ts';
import { get, merge, work, type ScriptRun } from '../script.ts';
import { placedOn, settleHomes, stayHome, stayHomeDag } from '../two-homes.ts';
import { playAtEveryLevel } from './play-at-every-level.ts';

const seeds = ['1', '2', '3', '4', '5'];

/** f and g count what they do; g runs when f has. */
const counting: Scenario = {
  ...CALM_SCENARIO,
  functions: [
    stayHome,
    ...['f', 'g'].map((name) => ({
      name,
      parameters: ['home', 'before'],
      *script(): ScriptRun {
        yield* merge(`runs of ${name}`, { kind: 'counter', add: 1 });
        yield* work(20);
        return yield* get(`runs of ${name}`);
      },
    })),
  ],
  dags: [
    stayHomeDag,
    {
      name: 'fg',
      nodes: [
        { id: 'f', function: 'f' },
        { id: 'g', function: 'g' },
      ],
      edges: [{ from: 'f', to: 'g', parameter: 'before' }],
    },
  ],
};

const everythingTwice: Scenario = {
  ...counting,
  network: { ...counting.network, duplicateShare: 1, isLocalInline: false },
  clients: [
    [
      ...settleHomes,
      {
        do: 'invoke',
        invocation: 'once',
        dag: 'fg',
        arguments: placedOn({ f: 'w1', g: 'w2' }),
        level: 'causal',
      },
    ],
  ],
};

const startedIn = ({ events }: Simulation): readonly unknown[] =>
  events.flatMap(({ event }) =>
    event.kind === 'function.started' && event.invocation === 'once' ? [event.node] : [],
  );

test('X4 every message that may come twice does: each function runs once, one answer', async () => {
  for (const seed of seeds) {
    const simulation = await runSimulation(seed, everythingTwice);
    const { history } = simulation;
    expect(startedIn(simulation)).toEqual(['f', 'g']);
    const answers = history.filter(
      (entry) => entry.kind === 'answer' && entry.invocation === 'once',
    );
    expect(answers).toMatchObject([{ attempts: 1, results: [['g', '1']] }]);
  }
});

test('X4 where a repeated trigger is not recognised, a function runs twice', async () => {
  const { plant } = must(
    allDefects.find(({ name }) => name === 'repeated-triggers'),
    'the defect',
  );
  for (const seed of seeds) {
    const started = startedIn(await runSimulation(seed, everythingTwice, { plant }));
    expect(started.length).toBeGreaterThan(2);
  }
});

test('X4 a trigger is lost: a second attempt, one answer, one effect', async () => {
  await playAtEveryLevel(
    `d.f@C1 count n 1
     lose C1>C2
     d.f@C1 get other
     heal C1>C2
     d.g@C2 count n 1
     r@C3 get n`,
    {},
    (outcome, level) => {
      expect(outcome.failure('d'), level).toBeUndefined();
      expect(outcome.attempts('d'), level).toBe(2);
      expect(outcome.answersSent('d')).toBe(1);
      expect(outcome.saw('r', 'n'), level).toEqual([2]);
      expect(outcome.violations()).toEqual([]);
    },
  );
});

test('X4 an executor dies while it runs: the same', async () => {
  await playAtEveryLevel(
    `d.f@C1 count n 1
     d.g@C2 count n 1
     crash C2
     d.g@C2 get other
     r@C3 get n`,
    {},
    (outcome, level) => {
      expect(outcome.attempts('d'), level).toBe(2);
      expect(outcome.answersSent('d')).toBe(1);
      expect(outcome.saw('r', 'n'), level).toEqual([2]);
      expect(outcome.violations()).toEqual([]);
    },
  );
});

test('X4 with a key of the client: two calls are one effect and one result', async () => {
  const steer = async ({ cluster }: Helm): Promise<void> => {
    const call = async (invocation: string): Promise<unknown> => {
      const answered = await cluster.client.invokeOnce({
        invocation,
        identity: { key: 'order 7', digests: new Map([['body', 'the same']]) },
        target: { dag: 'fg' },
        arguments: new Map(),
        consistency: 'causal',
        trace: true,
      });
      assert(answered.ok, 'the key is not refused');
      return answered.value.results;
    };
    const [first, meanwhile] = await Promise.all([call('first'), call('meanwhile')]);
    expect(meanwhile).toEqual(first);
    expect(await call('after')).toEqual(first);
  };
  for (const seed of seeds) {
    const { history } = await runSimulation(seed, counting, { steer });
    const last = history.filter((entry) => entry.kind === 'final');
    expect(last).toMatchObject([{ value: '1' }, { value: '1' }]);
  }
});
