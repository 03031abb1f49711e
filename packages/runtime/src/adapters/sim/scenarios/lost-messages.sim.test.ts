// Each message that roles send each other is lost once, or comes so late that nobody waits for it any
// more: one answer, every effect once, nothing left behind.
import { SCHEDULER, type RoleMessage, type RuntimeEvent } from '@stormglass/core';
import { describe, expect, test } from 'vitest';
import { BUSY_BELIEVED_MS } from '../../../limits.ts';
import { HashRing } from '../../../storage/hash-ring.ts';
import { checkHistory } from '../check-history.ts';
import type { History } from '../history.ts';
import { runSimulation, type Helm, type Simulation } from '../run-simulation.ts';
import { CALM_SCENARIO, CONTROL_MACHINE, type ClientStep, type Scenario } from '../scenario.ts';
import { flush, get, merge, put, work } from '../script.ts';
import type { Passage } from '../sim-network.ts';
import { placedOn, settleHomes, stayHome, stayHomeDag } from '../two-homes.ts';

const ring = new HashRing(CALM_SCENARIO.storages);
const keyOn = (storage: string): string =>
  Array.from({ length: 100 }, (_, index) => `k${index}`).find(
    (key) => ring.ownerOf('user', key) === storage,
  ) ?? 'no key of the list';
const [here, there] = [keyOn('s1'), keyOn('s2')];

const invoke = (dag: string, level: 'causal' | 'lww' = 'causal'): ClientStep => ({
  do: 'invoke',
  invocation: 'it',
  dag,
  arguments: placedOn(dag === 'fg' ? { f: 'w1', g: 'w2' } : { f: 'w2' }),
  level,
});

/** f on w1 writes on both storage nodes, g on w2 reads and is the sink. */
const world: Scenario = {
  ...CALM_SCENARIO,
  functions: [
    stayHome,
    {
      name: 'f',
      parameters: ['home'],
      *script() {
        yield* merge('runs', { kind: 'counter', add: 1 });
        yield* put(here, 'one');
        yield* put(there, 'two');
      },
    },
    {
      name: 'g',
      parameters: ['home', 'x'],
      *script() {
        const seen = yield* get(here);
        yield* get('nobody wrote this');
        return seen;
      },
    },
    {
      name: 'flushes',
      parameters: ['home'],
      *script() {
        yield* merge('runs', { kind: 'counter', add: 1 });
        yield* put(here, 'one');
        yield* flush();
        yield* work(5);
        yield* flush();
        return 'flushed';
      },
    },
    {
      name: 'fails',
      parameters: ['home'],
      *script() {
        yield* merge('runs', { kind: 'counter', add: 1 });
        throw new Error('as it should');
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
    { name: 'flushing', nodes: [{ id: 'f', function: 'flushes' }], edges: [] },
    { name: 'failing', nodes: [{ id: 'f', function: 'fails' }], edges: [] },
  ],
};

type Type = RoleMessage['type'];

/** The first message of this type to this machine, once the homes are settled. */
const lose = async (
  dag: string,
  what: { readonly type: Type; readonly to: string; readonly nth?: number },
  seed: string,
): Promise<Simulation & { readonly lost: number }> => {
  let lost = 0;
  let seen = 0;
  const keeps = ({ message, toMachine }: Passage): boolean => {
    if (message.type !== what.type || toMachine !== what.to) return false;
    if ('invocation' in message && message.invocation !== 'it') return false;
    seen += 1;
    if (seen !== (what.nth ?? 1)) return false;
    lost += 1;
    return true;
  };
  const scenario: Scenario = {
    ...world,
    clients: [[...settleHomes, { do: 'wait', durationMs: 1 }, invoke(dag)]],
  };
  let isSettled = false;
  const onEvent = (event: RuntimeEvent): void => {
    isSettled ||= event.kind === 'invocation.finished' && event.invocation === 'settle-homes';
  };
  const steer = ({ cluster }: Helm): Promise<void> => {
    cluster.network.setGate((passage) => isSettled && keeps(passage));
    return Promise.resolve();
  };
  const simulation = await runSimulation(seed, scenario, { steer, onEvent });
  expect(checkHistory(simulation.history, scenario)).toEqual([]);
  return { ...simulation, lost };
};

const answersOf = (history: History) =>
  history.filter((entry) => entry.kind === 'answer' && entry.invocation === 'it');

const finalOf = (history: History, key: string): string | undefined =>
  history.flatMap((entry) => (entry.kind === 'final' && entry.key === key ? [entry.value] : []))[0];

const seeds = ['1', '2', '3'];

describe('[SCHED3] a message of an attempt is lost: it runs again, is answered and takes effect once', () => {
  test.each([
    { type: 'executor.start', to: 'w1' },
    { type: 'executor.start', to: 'w2' },
    { type: 'executor.trigger', to: 'w2' },
    { type: 'scheduler.sink', to: 'control' },
  ] as const)('$type to $to', async (what) => {
    for (const seed of seeds) {
      const { history, lost, events } = await lose('fg', what, seed);
      expect(lost).toBe(1);
      expect(answersOf(history)).toMatchObject([
        { attempts: 2, results: [['g', '"one"']], failure: undefined },
      ]);
      expect(finalOf(history, 'runs')).toBe('1');
      const begun = events.flatMap(({ event }) =>
        event.kind === 'function.started' && event.invocation === 'it'
          ? [`${event.attempt} ${event.node}`]
          : [],
      );
      expect(new Set(begun).size).toBe(begun.length);
    }
  });

  test('scheduler.failed', async () => {
    for (const seed of seeds) {
      const { history, lost } = await lose(
        'failing',
        { type: 'scheduler.failed', to: 'control' },
        seed,
      );
      expect(lost).toBe(1);
      expect(answersOf(history)).toMatchObject([{ attempts: 2, failure: 'function-failed' }]);
      expect(finalOf(history, 'runs')).toBeUndefined();
    }
  });
});

describe('[STO9] a message of a commit is lost: it is repeated until it is answered', () => {
  test.each([
    { type: 'storage.commit', to: 's1' },
    { type: 'storage.commit', to: 's2' },
    { type: 'storage.prepare', to: 's1' },
    { type: 'storage.prepare', to: 's2' },
    { type: 'storage.merge', to: 's1' },
    { type: 'storage.merge', to: 's2' },
    { type: 'stored', to: 's1' },
    { type: 'stored', to: 's2' },
    { type: 'stored', to: 's1', nth: 2 },
    { type: 'stored', to: 's2', nth: 2 },
    { type: 'stored', to: 'control' },
    { type: 'storage.get', to: 's1' },
    { type: 'storage.get', to: 's2' },
    { type: 'got', to: 'w1' },
    { type: 'got', to: 'w2' },
  ] as const)('$type to $to', async (what) => {
    let lost = 0;
    for (const seed of seeds) {
      const simulation = await lose('fg', what, seed);
      lost += simulation.lost;
      expect(answersOf(simulation.history)).toMatchObject([
        { attempts: 1, results: [['g', '"one"']], failure: undefined },
      ]);
      expect(finalOf(simulation.history, 'runs')).toBe('1');
      expect(finalOf(simulation.history, here)).toBe('"one"');
      expect(finalOf(simulation.history, there)).toBe('"two"');
    }
    losses.set(`${what.type} to ${what.to}`, lost);
  });

  const losses = new Map<string, number>();
  test('each of them was lost somewhere', () => {
    const types = new Set(
      [...losses].flatMap(([name, lost]) => (lost > 0 ? [name.slice(0, name.indexOf(' '))] : [])),
    );
    expect([...types].toSorted()).toEqual([
      'got',
      'storage.commit',
      'storage.get',
      'storage.merge',
      'storage.prepare',
      'stored',
    ]);
  });
});

describe('[SCHED4] a message of a flush is lost: it is made once, and the function goes on', () => {
  test.each([
    { type: 'scheduler.flush', to: 'control' },
    { type: 'executor.flushed', to: 'w2' },
    { type: 'executor.flushed', to: 'w2', nth: 2 },
    { type: 'storage.commit', to: 's1' },
    { type: 'cache.finish', to: 'w2' },
  ] as const)('$type to $to', async (what) => {
    for (const seed of seeds) {
      const { history } = await lose('flushing', what, seed);
      expect(answersOf(history)).toMatchObject([
        { attempts: 1, results: [['f', '"flushed"']], failure: undefined },
      ]);
      expect(finalOf(history, 'runs')).toBe('1');
    }
  });
});

test('[SCHED3] a worker that hears nothing, or says nothing, is left alone and another one runs it', async () => {
  for (const [from, to] of [
    ['control', 'w2'],
    ['w2', 'control'],
  ] as const) {
    for (const seed of seeds) {
      const scenario: Scenario = {
        ...world,
        clients: [
          [...settleHomes, { do: 'cut', from, to }, invoke('fg'), { do: 'heal', from, to }],
        ],
      };
      const { history } = await runSimulation(seed, scenario);
      const [answer, ...more] = answersOf(history);
      expect(more).toEqual([]);
      expect(answer).toMatchObject({ attempts: 2, results: [['g', '"one"']], failure: undefined });
      expect(finalOf(history, 'runs')).toBe('1');
      expect(checkHistory(history, scenario)).toEqual([]);
    }
  }
});

test('[SCHED3] a worker that says that user code runs there may be silent for long', async () => {
  const scenario: Scenario = {
    ...world,
    clients: [
      [...settleHomes, { do: 'hold', from: 'w2', to: 'control' }, invoke('fg')],
      [
        { do: 'wait', durationMs: 6_000 },
        { do: 'heal', from: 'w2', to: 'control' },
      ],
    ],
  };
  const attemptsWith = async (says: (helm: Helm) => void): Promise<number> => {
    const { history } = await runSimulation('1', scenario, {
      steer: async (helm) => {
        for (let told = 0; told < 12; told += 1) {
          says(helm);
          await helm.wait(BUSY_BELIEVED_MS / 3);
        }
      },
    });
    const [answer] = answersOf(history);
    return answer?.kind === 'answer' ? answer.attempts : 0;
  };
  const busy = ({ cluster }: Helm): void =>
    cluster.network
      .transportOf('supervisor', cluster.lifeOf(CONTROL_MACHINE))
      .send(SCHEDULER, { type: 'scheduler.busy', worker: 'w2' });
  expect(await attemptsWith(busy)).toBe(1);
  expect(await attemptsWith(() => undefined)).toBe(2);
});
