// What the checkers are given of a simulation is what happened in it, and they see what is wrong there.
import { checkHistory as checkRecorded, type RecordedHistory } from '@stormglass/checker';
import { describe, expect, test } from 'vitest';
import { checkHistory } from './check-history.ts';
import type { HistoryEntry } from './history.ts';
import { recordedHistory } from './recorded-history.ts';
import { runSimulation } from './run-simulation.ts';
import { CALM_SCENARIO, type InvokeStep, type Scenario } from './scenario.ts';
import { get, merge, put } from './script.ts';

const invoke = (invocation: string, rest: Partial<InvokeStep> = {}): InvokeStep => ({
  do: 'invoke',
  invocation,
  dag: 'fg',
  level: 'causal',
  ...rest,
});

const scenario: Scenario = {
  ...CALM_SCENARIO,
  functions: [
    {
      name: 'f',
      parameters: [],
      *script() {
        yield* get('k');
        yield* put('k', 'new');
        return 1;
      },
    },
    {
      name: 'g',
      parameters: ['x'],
      *script() {
        yield* get('k');
        yield* merge('n', { kind: 'counter', add: 2 });
        return 2;
      },
    },
  ],
  dags: [
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
    [{ do: 'put', key: 'k', value: 'old' }, invoke('i'), invoke('j', { continuesSession: true })],
  ],
};

async function recordedRun(): Promise<{
  history: readonly HistoryEntry[];
  recorded: RecordedHistory;
}> {
  const { history } = await runSimulation('1', scenario);
  return { history, recorded: recordedHistory(history, scenario) };
}

const classesOf = (history: readonly HistoryEntry[]): readonly string[] => [
  ...new Set(checkRecorded(recordedHistory(history, scenario)).map((one) => one.class)),
];

describe('recorded history', () => {
  test('has every read and write with its values, the DAG, the token and the rest', async () => {
    const { history, recorded } = await recordedRun();
    expect(checkHistory(history, scenario)).toEqual([]);
    expect(recorded.invocations).toMatchObject([
      {
        id: 'i',
        continues: undefined,
        edges: [['f', 'g']],
        attempts: [{ number: 1, status: 'committed' }],
        answers: [{ status: 'ok', attempt: 1 }],
      },
      { id: 'j', continues: 'i' },
    ]);
    const told = recorded.sessions.flatMap(({ id, operations }) =>
      operations.map((one) => {
        const values = one.kind === 'write' ? one.value : one.values?.join();
        return `${id} ${one.kind} ${one.key} ${values?.replace(/ (?:of|at) .*/u, '')}`;
      }),
    );
    expect(told).toEqual([
      'i.1.f read k "old"',
      'i.1.f write k "new"',
      'i.1.g read k "new"',
      'i.1.g write n i.1.g[1]',
      'j.1.f read k "new"',
      'j.1.f write k "new"',
      'j.1.g read k "new"',
      'j.1.g write n j.1.g[1]',
      'client write k "old"',
    ]);
    expect(recorded.atRest.map(({ place }) => place).toSorted()).toEqual([
      'cache w1',
      'cache w2',
      'storage',
    ]);
    const counters = recorded.atRest.flatMap(({ held }) => held.filter(({ key }) => key === 'n'));
    expect(counters.map(({ state }) => state)).toEqual([4, 4, 4]);
  });

  test('what a cache answers to a call that is over is no read', async () => {
    const { history } = await recordedRun();
    const readsOf = (entries: readonly HistoryEntry[], id: string) =>
      recordedHistory(entries, scenario)
        .sessions.filter((session) => session.id === id)
        .flatMap(({ operations }) => operations.filter(({ kind }) => kind === 'read'));
    const isGiven = (entry: HistoryEntry): boolean =>
      entry.kind === 'seen' && entry.operation === 'get' && entry.call.endsWith('j.1.g');
    expect(history.filter(isGiven)).toHaveLength(1);
    expect(readsOf(history, 'j.1.g')).toHaveLength(1);
    const ungiven = history.filter((entry) => !isGiven(entry));
    expect(readsOf(ungiven, 'j.1.g')).toEqual([]);
    expect(readsOf(ungiven, 'j.1.f')).toHaveLength(1);
  });

  test('an answer that is missing, or sent twice', async () => {
    const { history } = await recordedRun();
    const answers = history.filter(({ kind }) => kind === 'answer');
    expect(classesOf([...history, ...answers.slice(0, 1)])).toEqual(['answers']);
    const unanswered = history.filter((entry) => !answers.slice(1).includes(entry));
    expect(classesOf(unanswered)).toContain('answers');
  });

  test('a try whose client was told what an earlier one came to has no effect', async () => {
    const { history } = await recordedRun();
    const again = history.flatMap((entry) =>
      entry.kind === 'attempt' && entry.invocation === 'i' ? [{ ...entry, invocation: 'i~2' }] : [],
    );
    const { invocations } = recordedHistory([...history, ...again], scenario);
    expect(invocations.slice(0, 2)).toMatchObject([
      { id: 'i', attempts: [{ status: 'committed' }] },
      { id: 'i~2', attempts: [{ status: 'abandoned' }] },
    ]);
  });

  test('a function that is given what was replaced before', async () => {
    const { history } = await recordedRun();
    const old = history.find((entry) => entry.kind === 'got' && entry.key === 'k');
    const turned = history.map((entry) =>
      entry.kind === 'got' && entry.invocation === 'j' && entry.node === 'f' && old?.kind === 'got'
        ? { ...entry, capsule: old.capsule }
        : entry,
    );
    expect(classesOf(turned)).toContain('read-your-writes');
  });

  test('a write of a failed invocation that is there in the end, and one that is lost', async () => {
    const { history } = await recordedRun();
    const failed = history.map((entry) =>
      entry.kind === 'answer' && entry.invocation === 'j'
        ? { ...entry, failure: 'timeout' }
        : entry,
    );
    expect(classesOf(failed)).toEqual(expect.arrayContaining(['effects', 'resurrected']));
    const emptied = history.map((entry) =>
      entry.kind === 'held' && entry.key === 'k' ? { ...entry, capsule: 'absent' as const } : entry,
    );
    expect(classesOf(emptied)).toEqual(['lost-write']);
  });

  test('a place that differs, and a pin that is left', async () => {
    const { history } = await recordedRun();
    const differs = history.map((entry) =>
      entry.kind === 'held' && entry.place === 'cache w1'
        ? { ...entry, capsule: 'absent' as const }
        : entry,
    );
    expect(classesOf(differs)).toContain('divergence');
    const pinned = history.map((entry) =>
      entry.kind === 'leftover' ? { ...entry, pinned: 1 } : entry,
    );
    expect(classesOf(pinned)).toEqual(['leftovers']);
  });
});
