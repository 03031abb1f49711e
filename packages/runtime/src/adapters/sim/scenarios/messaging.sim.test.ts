// X7: messages between running functions, on the simulated cluster. There is no inbox key: a message that
// cannot be delivered is refused as `unavailable`, whether its recipient has finished or is out of
// reach.
import { callAddress } from '@stormglass/core';
import { expect, test } from 'vitest';
import { runSimulation } from '../run-simulation.ts';
import { CALM_SCENARIO, type ClientStep, type Scenario } from '../scenario.ts';
import { receive, RefusedRequest, send, work } from '../script.ts';
import { placedOn, settleHomes, stayHome, stayHomeDag } from '../two-homes.ts';

const MAILS = 20;

const listenerOn = (executor: string, invocation: string): string =>
  callAddress({ executor, invocation, attempt: 1, node: 'listen' });

const invoke = (invocation: string, dag: string, worker: string, to?: string): ClientStep => {
  const [[node, home] = [dag, new Map()]] = [...placedOn({ [dag]: worker })];
  const mail = to === undefined ? [] : [['to', { value: to }] as const];
  return {
    do: 'invoke',
    invocation,
    dag,
    arguments: new Map([[node, new Map([...home, ...mail])]]),
    level: 'lww',
  };
};

/** Listeners on w1 write down what comes in 200 ms; speakers on w2 send one after the other. */
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
          const message = yield* receive(200);
          if (message === undefined) return heard;
          heard.push(message);
        }
      },
    },
    {
      name: 'speak',
      parameters: ['home', 'to'],
      *script(_home, to) {
        try {
          for (let mail = 1; mail <= MAILS; mail += 1) yield* send(String(to), mail);
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

async function resultsOf(scenario: Scenario, seed: string): Promise<ReadonlyMap<string, unknown>> {
  const { history } = await runSimulation(seed, scenario);
  return new Map(
    history.flatMap((entry) => {
      if (entry.kind !== 'answer') return [];
      const [, result] = entry.results[0] ?? [];
      return [[entry.invocation, result === undefined ? entry.failure : JSON.parse(result)]];
    }),
  );
}

const seeds = ['1', '2', '3', '4', '5'];
const untilListening: ClientStep = { do: 'await-event', kind: 'function.started', node: 'listen' };
const inOrder = Array.from({ length: MAILS }, (_, index) => index + 1);

test('X7 mail to a running function arrives once, in order of each sender', async () => {
  const speaker = (name: string): readonly ClientStep[] => [
    untilListening,
    invoke(name, 'speak', 'w2', listenerOn('w1/e1', 'listener')),
  ];
  const scenario = talking([
    [...settleHomes, invoke('listener', 'listen', 'w1')],
    speaker('one'),
    speaker('two'),
  ]);
  for (const seed of seeds) {
    const results = await resultsOf(scenario, seed);
    expect(results.get('one')).toBe('all delivered');
    expect(results.get('two')).toBe('all delivered');
    const heard = results.get('listener');
    const twice = inOrder.flatMap((mail) => [mail, mail]);
    expect((heard as number[]).toSorted((a, b) => a - b)).toEqual(twice);
    // Two merged sequences, each ascending: the n-th occurrence never comes before a smaller n-th.
    const firsts = (heard as number[]).filter((mail, at, all) => all.indexOf(mail) === at);
    expect(firsts).toEqual(inOrder);
  }
});

test('X7 mail for a call that is over is refused, and does not reach the next on its executor', async () => {
  const scenario = talking([
    [...settleHomes, invoke('first', 'listen', 'w1'), invoke('second', 'listen', 'w1')],
    [untilListening, untilListening, invoke('late', 'speak', 'w2', listenerOn('w1/e1', 'first'))],
  ]);
  for (const seed of seeds) {
    const results = await resultsOf(scenario, seed);
    expect(results.get('late')).toBe('unavailable');
    expect(results.get('first')).toEqual([]);
    expect(results.get('second')).toEqual([]);
  }
});

test('X7 mail for a call out of reach is refused', async () => {
  const scenario = talking([
    [...settleHomes, invoke('listener', 'listen', 'w1')],
    [
      untilListening,
      { do: 'cut', from: 'w2', to: 'w1' },
      invoke('speaker', 'speak', 'w2', listenerOn('w1/e1', 'listener')),
      { do: 'heal', from: 'w2', to: 'w1' },
    ],
  ]);
  for (const seed of seeds) {
    const results = await resultsOf(scenario, seed);
    expect(results.get('speaker')).toBe('unavailable');
    expect(results.get('listener')).toEqual([]);
  }
});
