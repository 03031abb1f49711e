// What one cache shows while another is ahead: T5 (repeatable read) and T17 (causal), each with the
// weaker level forced into the anomaly by the same messages.
import type { ConsistencyLevel } from '@stormglass/core';
import { describe, expect, test } from 'vitest';
import { checkHistory } from './check-history.ts';
import type { History, ReadEntry } from './history.ts';
import { runSimulation } from './run-simulation.ts';
import { CALM_SCENARIO, type ClientStep, type Scenario } from './scenario.ts';
import { get, put, work } from './script.ts';
import { placedOn, settleHomes, stayHome, stayHomeDag } from './two-homes.ts';

const seeds = ['1', '2', '3', '4', '5', '6', '7', '8'];

const readsOf = (history: History, invocation: string, key: string): readonly ReadEntry[] =>
  history.filter(
    (entry) => entry.kind === 'read' && entry.invocation === invocation && entry.key === key,
  ) as readonly ReadEntry[];

const resultOf = (history: History, invocation: string): unknown => {
  const answer = history.find(
    (entry) => entry.kind === 'answer' && entry.invocation === invocation,
  );
  const [sink] = answer?.kind === 'answer' ? answer.results : [];
  return sink?.[1] === undefined ? undefined : JSON.parse(sink[1]);
};

/** Runs every seed twice and gives the first histories. */
async function runEach(scenario: Scenario): Promise<readonly History[]> {
  const histories: History[] = [];
  const hashes = new Set<string>();
  for (const seed of seeds) {
    const { history, hash } = await runSimulation(seed, scenario);
    expect((await runSimulation(seed, scenario)).hash).toBe(hash);
    expect(checkHistory(history, scenario)).toEqual([]);
    hashes.add(hash);
    histories.push(history);
  }
  expect(hashes.size).toBe(seeds.length);
  return histories;
}

/** T5: f on w1 reads k; while it still works, k changes in every cache; g and h on w2 read k. */
const exactVersion = (level: ConsistencyLevel): Scenario => ({
  ...CALM_SCENARIO,
  functions: [
    stayHome,
    {
      name: 'look',
      parameters: ['home', 'seen'],
      *script() {
        return yield* get('k');
      },
    },
    {
      name: 'lookAndWork',
      parameters: ['home'],
      *script() {
        const seen = [yield* get('k')];
        yield* work(100);
        return seen;
      },
    },
    {
      name: 'lookAfter',
      parameters: ['home', 'seen'],
      *script(_home, seen) {
        return [...(Array.isArray(seen) ? seen : []), yield* get('k')];
      },
    },
  ],
  dags: [
    stayHomeDag,
    { name: 'look', nodes: [{ id: 'look', function: 'look' }], edges: [] },
    {
      name: 'fgh',
      nodes: [
        { id: 'f', function: 'lookAndWork' },
        { id: 'g', function: 'lookAfter' },
        { id: 'h', function: 'lookAfter' },
      ],
      edges: [
        { from: 'f', to: 'g', parameter: 'seen' },
        { from: 'g', to: 'h', parameter: 'seen' },
      ],
    },
  ],
  clients: [
    [
      ...settleHomes,
      { do: 'put', key: 'k', value: 10 },
      {
        do: 'invoke',
        invocation: 'warm-w2',
        dag: 'look',
        arguments: placedOn({ look: 'w2' }),
        level: 'lww',
      },
      {
        do: 'invoke',
        invocation: 'fgh',
        dag: 'fgh',
        arguments: placedOn({ f: 'w1', g: 'w2', h: 'w2' }),
        level,
      },
      {
        do: 'invoke',
        invocation: 'outside',
        dag: 'look',
        arguments: placedOn({ look: 'w2' }),
        level,
      },
    ],
    [
      { do: 'await-event', kind: 'function.started', node: 'f' },
      { do: 'wait', durationMs: 20 },
      { do: 'put', key: 'k', value: 20 },
    ],
  ],
});

/** T17: k depends on a newer l than the one that w2 holds, and w2 is cut off from storage. */
const deckFigure = (level: ConsistencyLevel): Scenario => {
  const on = (invocation: string, dag: string, worker: string): ClientStep => ({
    do: 'invoke',
    invocation,
    dag,
    arguments: placedOn({ [dag]: worker }),
    level: 'causal',
  });
  const single = (name: string) => ({ name, nodes: [{ id: name, function: name }], edges: [] });
  return {
    ...CALM_SCENARIO,
    functions: [
      stayHome,
      {
        name: 'writeOldL',
        parameters: ['home'],
        *script() {
          yield* put('l', 'old');
        },
      },
      {
        name: 'writeNewLThenK',
        parameters: ['home'],
        *script() {
          yield* get('l');
          yield* put('l', 'new');
          yield* put('k', 'after the new l');
        },
      },
      {
        name: 'readK',
        parameters: ['home'],
        *script() {
          return yield* get('k');
        },
      },
      {
        name: 'readL',
        parameters: ['home', 'k'],
        *script(_home, k) {
          return [k, yield* get('l')];
        },
      },
    ],
    dags: [
      stayHomeDag,
      single('writeOldL'),
      single('writeNewLThenK'),
      single('readL'),
      {
        name: 'fg',
        nodes: [
          { id: 'f', function: 'readK' },
          { id: 'g', function: 'readL' },
        ],
        edges: [{ from: 'f', to: 'g', parameter: 'k' }],
      },
    ],
    clients: [
      [
        ...settleHomes,
        on('old l', 'writeOldL', 'w1'),
        on('w2 caches l', 'readL', 'w2'),
        { do: 'hold', from: 's1', to: 'w2' },
        { do: 'hold', from: 's2', to: 'w2' },
        on('new l, k', 'writeNewLThenK', 'w1'),
        { do: 'wait', durationMs: 50 },
        {
          do: 'invoke',
          invocation: 'fg',
          dag: 'fg',
          arguments: placedOn({ f: 'w1', g: 'w2' }),
          level,
        },
      ],
    ],
  };
};

describe('two caches', () => {
  test('T5 repeatable read: g fetches the exact version from the cache of f, h has it pinned', async () => {
    for (const history of await runEach(exactVersion('repeatable-read'))) {
      expect(resultOf(history, 'fgh')).toEqual([10, 10, 10]);
      expect(
        readsOf(history, 'fgh', 'k').map(({ node, worker, rule }) => [node, worker, rule]),
      ).toEqual([
        ['f', 'w1', 'repeatable-read/first-store'],
        ['g', 'w2', 'repeatable-read/upstream'],
        ['h', 'w2', 'repeatable-read/pinned'],
      ]);
      expect(resultOf(history, 'outside')).toBe(20);
    }
  });

  test('T5 lww: the same messages show g the new version', async () => {
    for (const history of await runEach(exactVersion('lww'))) {
      expect(resultOf(history, 'fgh')).toEqual([10, 20, 20]);
    }
  });

  test('T17 causal: l covers what k depends on, fetched from the cache where k was read', async () => {
    for (const history of await runEach(deckFigure('causal'))) {
      expect(resultOf(history, 'fg')).toEqual(['after the new l', 'new']);
      const [read] = readsOf(history, 'fg', 'l');
      expect([read?.worker, read?.rule]).toEqual(['w2', 'causal/fetch-upstream']);
    }
  });

  test('T17 lww and multi-key-causal: the same messages show the old l beside the new k', async () => {
    for (const level of ['lww', 'multi-key-causal'] as const) {
      for (const history of await runEach(deckFigure(level))) {
        expect(resultOf(history, 'fg')).toEqual(['after the new l', 'old']);
      }
    }
  });
});
