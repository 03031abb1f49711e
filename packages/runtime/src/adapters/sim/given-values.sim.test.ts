// What functions are given of counters, sets, maps and maxima, and of siblings, is what the record says
// that stands there; another value is seen.
import { consistencyLevels, type ConsistencyLevel } from '@stormglass/core';
import { describe, expect, test } from 'vitest';
import { findViolations } from './check-history.ts';
import type { History } from './history.ts';
import { runSimulation } from './run-simulation.ts';
import { CALM_SCENARIO, type ClientStep, type Scenario } from './scenario.ts';
import { callId, get, getAll, merge, put, siblings } from './script.ts';

const scenarioAt = (level: ConsistencyLevel): Scenario => ({
  ...CALM_SCENARIO,
  functions: [
    {
      name: 'both',
      parameters: ['known', 'before'],
      *script() {
        const id = yield* callId();
        yield* merge('counter', { kind: 'counter', add: 2 });
        yield* merge('set', { kind: 'set', elements: [JSON.stringify(id)] });
        yield* merge('map', { kind: 'map', fields: [['last', JSON.stringify(id)]] });
        yield* merge('max', { kind: 'max', max: id.length });
        yield* put('register', id);
        return yield* getAll(['counter', 'set', 'map', 'max', 'register']);
      },
    },
    {
      name: 'look',
      parameters: ['known', 'before'],
      *script() {
        yield* siblings('register');
        return yield* get('counter');
      },
    },
  ],
  dags: [
    {
      name: 'd',
      nodes: [
        { id: 'f', function: 'both' },
        { id: 'g', function: 'both' },
        { id: 'h', function: 'look' },
      ],
      edges: [
        { from: 'f', to: 'h', parameter: 'before' },
        { from: 'g', to: 'h', parameter: 'known' },
      ],
    },
  ],
  clients: ['c', 'd'].map((client): readonly ClientStep[] =>
    [1, 2].map((number) => ({
      do: 'invoke',
      invocation: `${client}${number}`,
      dag: 'd',
      level,
      arguments: new Map([['f', new Map([['known', { ref: 'register' }]])]]),
      continuesSession: true,
    })),
  ),
});

const classesOf = (history: History, scenario: Scenario): readonly string[] => [
  ...new Set(findViolations(history, scenario).map(({ kind }) => kind)),
];

describe('values given', () => {
  test.each(consistencyLevels)('%s: what is given is what was found', async (level) => {
    const scenario = scenarioAt(level);
    for (const seed of ['1', '2', '3', '4', '5']) {
      const { history } = await runSimulation(seed, scenario);
      expect(classesOf(history, scenario)).toEqual([]);
    }
  });

  test.each([
    ['counter', '1000', 'wrong-value'],
    ['set', '["nobody"]', 'wrong-value'],
    ['map', '{"last":"nobody"}', 'wrong-value'],
    ['max', '1', 'wrong-value'],
    ['register', undefined, 'wrong-value'],
    ['register', '"nobody"', 'thin-air'],
  ])('a wrong value of a %s is seen', async (key, wrong, name) => {
    const scenario = scenarioAt('causal');
    const { history } = await runSimulation('1', scenario);
    const turned = history.map((entry) => {
      const index = entry.kind === 'seen' ? entry.keys.indexOf(key) : -1;
      return entry.kind === 'seen' && entry.operation === 'get' && index >= 0
        ? { ...entry, values: entry.values.with(index, wrong) }
        : entry;
    });
    expect(classesOf(turned, scenario)).toEqual([name]);
  });

  test('a wrong argument, and siblings of which one is missing, are seen', async () => {
    const scenario = scenarioAt('causal');
    const { history } = await runSimulation('1', scenario);
    const argument = history.map((entry) =>
      entry.kind === 'called' && entry.values[0]?.startsWith('"') === true
        ? { ...entry, values: ['"nobody"', undefined] }
        : entry,
    );
    expect(classesOf(argument, scenario)).toEqual(['thin-air']);
    const fewer = history.map((entry) =>
      entry.kind === 'seen' && entry.operation === 'siblings'
        ? { ...entry, values: entry.values.slice(1) }
        : entry,
    );
    expect(classesOf(fewer, scenario)).toEqual(['wrong-value']);
  });
});
