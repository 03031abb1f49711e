// The server dies at any moment of an invocation that its client has named: sent again, it takes
// effect once, and whoever was answered is answered the same.
import type { InvocationAnswer } from '@stormglass/core';
import { describe, expect, test } from 'vitest';
import { HashRing } from '../../../storage/hash-ring.ts';
import { checkHistory } from '../check-history.ts';
import type { History } from '../history.ts';
import { runSimulation, type Helm } from '../run-simulation.ts';
import { CALM_SCENARIO, type Scenario } from '../scenario.ts';
import { get, merge, put } from '../script.ts';

const ring = new HashRing(CALM_SCENARIO.storages);
const keysOn = (storage: string): readonly string[] =>
  Array.from({ length: 100 }, (_, index) => `k${index}`).filter(
    (key) => ring.ownerOf('user', key) === storage,
  );
const [here = '', shared = '', other = ''] = keysOn('s1');
const [there = '', elsewhere = ''] = keysOn('s2');

const world: Scenario = {
  ...CALM_SCENARIO,
  functions: [
    {
      name: 'transfer',
      parameters: [],
      *script() {
        yield* merge(here, { kind: 'counter', add: -1 });
        yield* merge(there, { kind: 'counter', add: 1 });
        return yield* get(there);
      },
    },
    {
      name: 'read',
      parameters: [],
      *script() {
        return (yield* get(there)) ?? null;
      },
    },
  ],
  dags: ['transfer', 'read'].map((name) => ({
    name,
    nodes: [{ id: 'it', function: name }],
    edges: [],
  })),
};

/** How a client does it that wants an answer: again and again with the same key. */
const callUntilAnswered = async (
  { cluster }: Helm,
  dag: string,
  key: string,
  tries = { count: 0 },
): Promise<InvocationAnswer> => {
  const { client, lost } = await cluster.connect();
  tries.count += 1;
  const answer = await Promise.race([
    client.invokeOnce({
      invocation: `${dag}-${tries.count}`,
      identity: { key, digests: new Map([['path', dag]]) },
      target: { dag },
      arguments: new Map(),
      consistency: 'causal',
      trace: true,
    }),
    lost,
  ]);
  if (answer === 'lost') return callUntilAnswered({ cluster } as Helm, dag, key, tries);
  if (!answer.ok) throw new Error(answer.failure.detail);
  return answer.value;
};

const finalOf = (history: History, key: string): string | undefined =>
  history.flatMap((entry) => (entry.kind === 'final' && entry.key === key ? [entry.value] : []))[0];

/** With slow links, what a dead server has sent arrives when the next one is up. */
const networks = [
  CALM_SCENARIO.network,
  { ...CALM_SCENARIO.network, delayUs: { min: 20, max: 20_000 } },
];

describe('[STO7] the server dies in the middle, with its storage nodes or without', () => {
  test.each([true, false])('with storage: %s', async (withStorage) => {
    let interrupted = 0;
    for (const [index, network] of networks.entries()) {
      const stepMs = index === 0 ? 0.1 : 2.5;
      for (let at = 0; at < 30; at += 1) {
        const scenario: Scenario = {
          ...world,
          network,
          crashDetectionUs: { min: 100, max: 500 },
        };
        const tries = { count: 0 };
        const steer = async (helm: Helm): Promise<void> => {
          const call = callUntilAnswered(helm, 'transfer', 'order 7', tries);
          await helm.wait(at * stepMs);
          helm.cluster.crashServer(1, { withStorage });
          const answer = await call;
          expect(answer.failure).toBeUndefined();
          expect(answer.results).toEqual(new Map([['it', '1']]));
          expect(await callUntilAnswered(helm, 'transfer', 'order 7')).toEqual(answer);
        };
        const { history } = await runSimulation(`${at}`, scenario, { steer });
        if (tries.count > 1) interrupted += 1;
        expect([finalOf(history, here), finalOf(history, there)]).toEqual(['-1', '1']);
        expect(checkHistory(history, scenario)).toEqual([]);
      }
    }
    expect(interrupted).toBeGreaterThan(20);
  });
});

test('[STO7] what is only read is answered the same after a crash, too', async () => {
  const steer = async (helm: Helm): Promise<void> => {
    const before = await callUntilAnswered(helm, 'read', 'a question');
    await callUntilAnswered(helm, 'transfer', 'a change');
    helm.cluster.crashServer(1, { withStorage: true });
    expect(await callUntilAnswered(helm, 'read', 'a question')).toEqual(before);
    const now = await callUntilAnswered(helm, 'read', 'another question');
    expect(now.results).toEqual(new Map([['it', '1']]));
  };
  for (const seed of ['1', '2', '3']) await runSimulation(seed, world, { steer });
});

describe('[STO8] two invocations make a key at the same moment, of two kinds', () => {
  const race: Scenario = {
    ...world,
    functions: [
      {
        name: 'counts',
        parameters: [],
        *script() {
          yield* merge(shared, { kind: 'counter', add: 1 });
          yield* put(there, 'counted');
        },
      },
      {
        name: 'puts',
        parameters: [],
        *script() {
          yield* put(shared, 'a text');
          yield* put(elsewhere, 'put');
          yield* put(other, 'put');
        },
      },
    ],
    dags: ['counts', 'puts'].map((name) => ({
      name,
      nodes: [{ id: 'it', function: name }],
      edges: [],
    })),
    clients: ['counts', 'puts'].map((dag) => [
      { do: 'invoke', invocation: dag, dag, level: 'causal' },
    ]),
  };

  test('one takes effect as a whole, the other not at all', async () => {
    const winners = new Set<string>();
    for (let seed = 1; seed <= 60; seed += 1) {
      const { history } = await runSimulation(String(seed), race);
      const answers = history.flatMap((entry) => (entry.kind === 'answer' ? [entry] : []));
      const failed = answers.filter(({ failure }) => failure !== undefined);
      expect(failed).toMatchObject([{ failure: 'lattice-mismatch' }]);
      const loser = failed[0]?.invocation;
      winners.add(loser === 'counts' ? 'puts' : 'counts');
      const finals = [shared, there, elsewhere, other].map((key) => finalOf(history, key));
      expect(finals).toEqual(
        loser === 'puts'
          ? ['1', '"counted"', undefined, undefined]
          : ['"a text"', undefined, '"put"', '"put"'],
      );
      expect(checkHistory(history, race)).toEqual([]);
    }
    expect([...winners].toSorted()).toEqual(['counts', 'puts']);
  });
});
