// X5: functions and DAGs, on the simulated cluster. Functions are pinned where they have run, and
// belong to no DAG, so that none is unpinned with one and nothing is counted for each. Several sinks
// are allowed. There is one scheduler at a time: S2 is the one after S1, which has died.
import type { Failure } from '@stormglass/core';
import { expect, test } from 'vitest';
import { runSimulation, type Helm } from '../run-simulation.ts';
import { CALM_SCENARIO, type Scenario, type ScenarioDag } from '../scenario.ts';
import { put, work } from '../script.ts';

const chain = (name: string, functions: readonly string[]): ScenarioDag => ({
  name,
  nodes: functions.map((called, index) => ({ id: `n${index}`, function: called })),
  edges: functions
    .slice(1)
    .map((_, index) => ({ from: `n${index}`, to: `n${index + 1}`, parameter: 'before' })),
});

const registered: Scenario = {
  ...CALM_SCENARIO,
  functions: ['f', 'g', 'h'].map((name) => ({
    name,
    parameters: ['before'],
    *script(before) {
      yield* work(1);
      const after = `${typeof before === 'string' ? before : ''}${name}`;
      yield* put('d1', after);
      return after;
    },
  })),
  dags: [chain('d1', ['f', 'g']), chain('d2', ['g', 'h']), chain('twice', ['f', 'f', 'g'])],
};

async function call({ cluster, queue }: Helm, dag: string): Promise<unknown> {
  const answer = await cluster.client.invoke({
    invocation: `${dag} at ${queue.nowUs}`,
    target: { dag },
    arguments: new Map(),
    consistency: 'causal',
    trace: true,
  });
  return answer.failure?.type ?? Object.fromEntries(answer.results);
}

const play = (steer: (helm: Helm) => Promise<void>): Promise<unknown> =>
  runSimulation('1', registered, { steer });

test('X5 a deleted DAG leaves another one with the same function alone', async () => {
  await play(async (helm) => {
    const { client } = helm.cluster;
    expect(await call(helm, 'd1')).toEqual({ n1: '"fg"' });
    expect((await client.register({ what: 'delete-dag', name: 'd1' })).failure).toBeUndefined();
    expect(await call(helm, 'd1')).toBe('dag-not-found');
    expect(await call(helm, 'd2')).toEqual({ n1: '"gh"' });
    const inUse = await client.register({ what: 'delete-function', name: 'g' });
    expect(inUse.failure).toMatchObject({ type: 'function-in-use', function: 'g' });
    await client.register({ what: 'delete-dag', name: 'd2' });
    await client.register({ what: 'delete-dag', name: 'twice' });
    expect((await client.register({ what: 'delete-function', name: 'g' })).failure).toBeUndefined();
  });
});

test('X5 one function at two nodes runs at both', async () => {
  await play(async (helm) => {
    expect(await call(helm, 'twice')).toEqual({ n2: '"ffg"' });
  });
});

test('X5 a cycle and an unknown function are refused with typed errors, two sinks are not', async () => {
  await play(async (helm) => {
    const refusal = async (dag: ScenarioDag): Promise<Failure['type'] | undefined> => {
      const { name, nodes, edges } = dag;
      const given = { name, nodes: [...nodes], edges: [...edges], version: 0 };
      return (await helm.cluster.client.register({ what: 'put-dag', dag: given })).failure?.type;
    };
    const nodes = [
      { id: 'a', function: 'f' },
      { id: 'b', function: 'g' },
      { id: 'c', function: 'h' },
    ];
    const edge = (from: string, to: string) => ({ from, to, parameter: 'before' });
    expect(await refusal({ name: 'cycle', nodes, edges: [edge('a', 'b'), edge('b', 'a')] })).toBe(
      'dag-cycle',
    );
    expect(await refusal(chain('unknown', ['f', 'nowhere']))).toBe('unknown-function');
    expect(
      await refusal({ name: 'sinks', nodes, edges: [edge('a', 'b'), edge('a', 'c')] }),
    ).toBeUndefined();
    expect(await call(helm, 'sinks')).toEqual({ b: '"fg"', c: '"fh"' });
  });
});

test('X5 a key with the name of a DAG does not disturb it', async () => {
  await play(async (helm) => {
    const { client } = helm.cluster;
    await client.put('d1', '"a user"');
    expect(await call(helm, 'd1')).toEqual({ n1: '"fg"' });
    await client.delete('d1');
    expect(await call(helm, 'd1')).toEqual({ n1: '"fg"' });
  });
});

test('X5 what runs goes on when its DAG is deleted, and its functions stay where they are warm', async () => {
  await play(async (helm) => {
    const { cluster, wait } = helm;
    const pinned = (): readonly string[] =>
      ['w1', 'w2'].filter((worker) => cluster.pinnedFunctionsOf(worker).has('g'));
    expect(await call(helm, 'd1')).toEqual({ n1: '"fg"' });
    const before = pinned();
    expect(before).toHaveLength(1);
    const running = call(helm, 'd2');
    await wait(1);
    for (const name of ['d1', 'd2']) {
      expect((await cluster.client.register({ what: 'delete-dag', name })).failure).toBeUndefined();
    }
    expect(await call(helm, 'd2')).toBe('dag-not-found');
    expect(await running).toEqual({ n1: '"gh"' });
    expect(pinned()).toEqual(before);
    expect(await call(helm, 'twice')).toEqual({ n2: '"ffg"' });
    expect(pinned()).toEqual(before);
  });
});

test('X5 a DAG that one scheduler has registered is called at the next one at once', async () => {
  for (const withStorage of [false, true]) {
    for (const seed of ['1', '2', '3']) {
      await runSimulation(seed, registered, {
        steer: async (helm) => {
          const { cluster } = helm;
          const { name, nodes, edges } = chain('d3', ['h', 'g', 'f']);
          const dag = { name, nodes: [...nodes], edges: [...edges], version: 0 };
          const { failure } = await cluster.client.register({ what: 'put-dag', dag });
          expect(failure).toBeUndefined();
          cluster.crashServer(1, { withStorage });
          await cluster.connect();
          expect(await call(helm, 'd3')).toEqual({ n2: '"hgf"' });
        },
      });
    }
  }
});
