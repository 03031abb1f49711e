// The checks on small histories that are wrong on purpose, each beside one that is right.
import { describe, expect, test } from 'vitest';
import { checkHistory } from './check-history.ts';
import type { HistoryEntry, ReadEntry, WriteEntry } from './history.ts';
import { CALM_SCENARIO, type InvokeStep, type Scenario } from './scenario.ts';

const invoke = (invocation: string, rest: Partial<InvokeStep> = {}): InvokeStep => ({
  do: 'invoke',
  invocation,
  dag: 'fg',
  level: 'causal',
  ...rest,
});

const scenarioOf = (...steps: readonly InvokeStep[]): Scenario => ({
  ...CALM_SCENARIO,
  dags: [
    {
      name: 'fg',
      nodes: [
        { id: 'f', function: 'any' },
        { id: 'g', function: 'any' },
      ],
      edges: [{ from: 'f', to: 'g', parameter: 'x' }],
    },
  ],
  clients: [steps],
});

const begin = (invocation: string, level: InvokeStep['level'], attempt = 1): HistoryEntry => ({
  kind: 'attempt',
  atUs: 0,
  invocation,
  attempt,
  dag: 'fg',
  level,
  placement: {},
});
const answer = (invocation: string, attempts = 1, failure?: string): HistoryEntry => ({
  kind: 'answer',
  atUs: 0,
  invocation,
  attempts,
  results: [],
  failure,
});
const of = (invocation: string, node: string, key: string, version: Record<string, number>) => ({
  atUs: 0,
  invocation,
  attempt: 1,
  node,
  worker: 'w1',
  key,
  version,
});
const read = (...at: Parameters<typeof of>): ReadEntry => ({
  ...of(...at),
  kind: 'read',
  outcome: 'hit',
  rule: 'causal/first-local',
});
const write = (
  at: ReturnType<typeof of>,
  dependencies: WriteEntry['dependencies'] = {},
): WriteEntry => ({ ...at, kind: 'write', dependencies });
const final = (key: string, version: Record<string, number>): HistoryEntry => ({
  kind: 'final',
  atUs: 0,
  client: 0,
  key,
  version,
  value: undefined,
});

describe('check history', () => {
  test('an invocation is answered once: not never, not twice', () => {
    const scenario = scenarioOf(invoke('i'));
    expect(checkHistory([answer('i')], scenario)).toEqual([]);
    expect(checkHistory([], scenario)).toEqual(['i was answered 0 times']);
    expect(checkHistory([answer('i'), answer('i')], scenario)).toEqual(['i was answered 2 times']);
  });

  test('repeatable read: two versions along a path, absence included, and none between attempts', () => {
    const scenario = scenarioOf(invoke('i', { level: 'repeatable-read' }));
    const start = begin('i', 'repeatable-read');
    const end = answer('i');
    const same = [start, read('i', 'f', 'k', { a: 1 }), read('i', 'g', 'k', { a: 1 }), end];
    expect(checkHistory(same, scenario)).toEqual([]);
    const changed = [start, read('i', 'f', 'k', {}), read('i', 'g', 'k', { a: 1 }), end];
    expect(checkHistory(changed, scenario)).toHaveLength(1);
    const again: HistoryEntry[] = [
      start,
      read('i', 'f', 'k', { a: 1 }),
      begin('i', 'repeatable-read', 2),
      { ...read('i', 'f', 'k', { a: 2 }), attempt: 2 },
      answer('i', 2),
    ];
    expect(checkHistory(again, scenario)).toEqual([]);
  });

  test('causal: a read below a dependency, also a transitive one of a committed write', () => {
    const scenario = scenarioOf(invoke('i'), invoke('j'));
    const written = [
      begin('i', 'causal'),
      read('i', 'f', 'l', { a: 3 }),
      // Which dependencies are written down does not matter: they may have been forgotten.
      write(of('i', 'f', 'm', { a: 1 })),
      write(of('i', 'g', 'k', { a: 2 })),
      answer('i'),
      begin('j', 'causal'),
      read('j', 'f', 'k', { a: 2 }),
    ];
    const rest = [answer('j'), final('m', { a: 1 }), final('k', { a: 2 })];
    expect(checkHistory([...written, read('j', 'g', 'l', { a: 3 }), ...rest], scenario)).toEqual(
      [],
    );
    expect(checkHistory([...written, read('j', 'g', 'l', { a: 2 }), ...rest], scenario)).toEqual([
      'j attempt 1 read l as {"a":2} at g (causal/first-local), below {"a":3}',
    ]);
  });

  test('causal: a session that goes on does not go back, one that does not may', () => {
    const history = [
      begin('i', 'causal'),
      read('i', 'f', 'k', { a: 2 }),
      answer('i'),
      begin('j', 'causal'),
      read('j', 'f', 'k', { a: 1 }),
      answer('j'),
    ];
    const goesOn = scenarioOf(invoke('i'), invoke('j', { continuesSession: true }));
    expect(checkHistory(history, goesOn)).toHaveLength(1);
    expect(checkHistory(history, scenarioOf(invoke('i'), invoke('j')))).toEqual([]);
  });

  test('a committed write lasts, one of a failed invocation need not', () => {
    const scenario = scenarioOf(invoke('i'));
    const history = [begin('i', 'causal'), write(of('i', 'f', 'k', { a: 1 }))];
    expect(checkHistory([...history, answer('i'), final('k', { a: 1 })], scenario)).toEqual([]);
    expect(checkHistory([...history, answer('i'), final('k', { b: 1 })], scenario)).toHaveLength(1);
    const failed = answer('i', 1, 'timeout');
    expect(checkHistory([...history, failed, final('k', {})], scenario)).toEqual([]);
  });

  test('at rest caches serve what storage has, and nothing of an attempt is left', () => {
    const served: HistoryEntry = {
      kind: 'served',
      atUs: 0,
      worker: 'w1',
      key: 'k',
      version: { a: 1 },
    };
    expect(checkHistory([final('k', { a: 1 }), served], scenarioOf())).toEqual([]);
    expect(checkHistory([final('k', { a: 2 }), served], scenarioOf())).toHaveLength(1);
    const leftover: HistoryEntry = { kind: 'leftover', atUs: 0, worker: 'w1', pinned: 1, calls: 0 };
    expect(checkHistory([leftover], scenarioOf())).toHaveLength(1);
  });
});
