// X7: messages between running functions, on the simulated cluster. Where two workers do not reach
// each other a storage node forwards mail and receipt: there is no inbox key, because a key that
// keeps mail cannot tell the sender that its recipient is gone. What is not delivered is refused as
// `unavailable`.
import { callAddress } from '@stormglass/core';
import { expect, test } from 'vitest';
import { RECEIPT_TIMEOUT_MS } from '../../../limits.ts';
import type { History } from '../history.ts';
import { runSimulation } from '../run-simulation.ts';
import { CALM_SCENARIO, type ClientStep, type Scenario } from '../scenario.ts';
import { receive, RefusedRequest, send, work } from '../script.ts';
import { placedOn, settleHomes, stayHome, stayHomeDag } from '../two-homes.ts';

const MAILS = 20;

const listenerOn = (executor: string, invocation: string): string =>
  callAddress({ executor, invocation, attempt: 1, node: 'listen' });

const invoke = (invocation: string, dag: string, worker: string, to?: string): ClientStep => {
  const [[node, home] = [dag, new Map()]] = [...placedOn({ [dag]: worker })];
  const mail =
    to === undefined
      ? []
      : ([
          ['to', { value: to }],
          ['name', { value: invocation }],
        ] as const);
  return {
    do: 'invoke',
    invocation,
    dag,
    arguments: new Map([[node, new Map([...home, ...mail])]]),
    level: 'lww',
  };
};

/** Listeners on w1 write down what comes until a second is silent; speakers on w2 send. */
const talking = (clients: Scenario['clients']): Scenario => ({
  ...CALM_SCENARIO,
  functions: [
    stayHome,
    {
      name: 'listen',
      parameters: ['home'],
      *script() {
        const heard: unknown[] = [];
        for (;;) {
          const message = yield* receive(1_000);
          if (message === undefined) return heard;
          heard.push(message);
        }
      },
    },
    {
      name: 'speak',
      parameters: ['home', 'to', 'name'],
      *script(_home, to, name) {
        try {
          for (let mail = 1; mail <= MAILS; mail += 1) yield* send(String(to), [name, mail]);
        } catch (thrown) {
          if (thrown instanceof RefusedRequest) return thrown.code;
          throw thrown;
        }
        yield* work(1);
        return 'all delivered';
      },
    },
  ],
  dags: [
    stayHomeDag,
    { name: 'listen', nodes: [{ id: 'listen', function: 'listen' }], edges: [] },
    { name: 'speak', nodes: [{ id: 'speak', function: 'speak' }], edges: [] },
  ],
  clients,
});

const resultsOf = async (scenario: Scenario, seed: string): Promise<ReadonlyMap<string, unknown>> =>
  resultsIn((await runSimulation(seed, scenario)).history);

const resultsIn = (history: History): ReadonlyMap<string, unknown> =>
  new Map(
    history.flatMap((entry) => {
      if (entry.kind !== 'answer') return [];
      const [, result] = entry.results[0] ?? [];
      return [[entry.invocation, result === undefined ? entry.failure : JSON.parse(result)]];
    }),
  );

const seeds = ['1', '2', '3', '4', '5'];
const untilListening: ClientStep = { do: 'await-event', kind: 'function.started', node: 'listen' };
const inOrder = Array.from({ length: MAILS }, (_, index) => index + 1);
const bothWays = (from: string, to: string): readonly ClientStep[] => [
  { do: 'cut', from, to },
  { do: 'cut', from: to, to: from },
];
const speak = (name: string, listener: string): ClientStep =>
  invoke(name, 'speak', 'w2', listenerOn('w1/e1', listener));

/** What each of them said, as the listener heard it. */
function heardFrom(results: ReadonlyMap<string, unknown>, speaker: string): readonly unknown[] {
  const heard = results.get('listener');
  if (!Array.isArray(heard)) return [heard];
  return heard.flatMap(([name, mail]: readonly unknown[]) => (name === speaker ? [mail] : []));
}

const twoSpeakers = talking([
  [...settleHomes, invoke('listener', 'listen', 'w1')],
  [untilListening, speak('one', 'listener')],
  [untilListening, speak('two', 'listener')],
]);

test('X7 mail to a running function arrives once, in order of each sender', async () => {
  for (const seed of seeds) {
    const results = await resultsOf(twoSpeakers, seed);
    for (const speaker of ['one', 'two']) {
      expect(results.get(speaker)).toBe('all delivered');
      expect(heardFrom(results, speaker)).toEqual(inOrder);
    }
  }
});

test('X7 the same while the network repeats mail, brings it late, and loses some of it', async () => {
  const flapping: Scenario = {
    ...twoSpeakers,
    network: {
      ...CALM_SCENARIO.network,
      slowShare: 0.2,
      slowUs: { min: 100_000, max: 600_000 },
      duplicateShare: 0.5,
      reorderShare: 0.5,
    },
    faults: [
      {
        id: 'flapping',
        kind: 'partition',
        manner: 'lose',
        from: ['w1'],
        to: ['w2'],
        isOneWay: false,
        atMs: 0,
        durationMs: 30_000,
        flapMs: 70,
      },
    ],
  };
  for (const seed of seeds) {
    const { history, faults } = await runSimulation(seed, flapping);
    const results = resultsIn(history);
    expect(faults.get('lost message')).toBeGreaterThan(5);
    for (const speaker of ['one', 'two']) {
      expect(results.get(speaker)).toBe('all delivered');
      expect(heardFrom(results, speaker)).toEqual(inOrder);
    }
  }
});

test('X7 mail for a call that is over is refused, and does not reach the next on its executor', async () => {
  const scenario = talking([
    [...settleHomes, invoke('first', 'listen', 'w1'), invoke('second', 'listen', 'w1')],
    [untilListening, untilListening, speak('late', 'first')],
  ]);
  for (const seed of seeds) {
    const results = await resultsOf(scenario, seed);
    expect(results.get('late')).toBe('unavailable');
    expect(results.get('first')).toEqual([]);
    expect(results.get('second')).toEqual([]);
  }
});

test('X7 mail arrives through storage where the workers do not reach each other', async () => {
  const scenario = talking([
    [...settleHomes, invoke('listener', 'listen', 'w1')],
    [
      untilListening,
      ...bothWays('w1', 'w2'),
      speak('speaker', 'listener'),
      // Storage tells that it is gone, as well.
      { do: 'wait', durationMs: 1_500 },
      speak('late', 'listener'),
    ],
  ]);
  for (const seed of seeds) {
    const { history } = await runSimulation(seed, scenario);
    const results = resultsIn(history);
    const answeredMs = (invocation: string): number =>
      history.find((entry) => entry.kind === 'answer' && entry.invocation === invocation)!.atUs /
      1000;
    expect(results.get('speaker')).toBe('all delivered');
    expect(heardFrom(results, 'speaker')).toEqual(inOrder);
    expect(results.get('late')).toBe('unavailable');
    // By a receipt, not because there was none.
    const lateMs = answeredMs('late') - answeredMs('speaker') - 1_500;
    expect(lateMs).toBeLessThan(RECEIPT_TIMEOUT_MS / 2);
  }
});

test('X7 mail for a call that nobody reaches is refused', async () => {
  const scenario = talking([
    [...settleHomes, invoke('listener', 'listen', 'w1')],
    [
      untilListening,
      ...['w2', 's1', 's2'].map((from): ClientStep => ({ do: 'cut', from, to: 'w1' })),
      speak('speaker', 'listener'),
      ...['w2', 's1', 's2'].map((from): ClientStep => ({ do: 'heal', from, to: 'w1' })),
    ],
  ]);
  for (const seed of seeds) {
    const results = await resultsOf(scenario, seed);
    expect(results.get('speaker')).toBe('unavailable');
    expect(results.get('listener')).toEqual([]);
  }
});
