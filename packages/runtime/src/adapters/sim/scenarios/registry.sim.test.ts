// X5: functions and DAGs, on the simulated cluster. Functions are not pinned to executors, several
// sinks are allowed, and there is one scheduler; it hears of the registry from storage.
import type { Failure } from '@stormglass/core';
import { expect, test } from 'vitest';
import { runSimulation, type Helm } from '../run-simulation.ts';
import { CALM_SCENARIO, type Scenario, type ScenarioDag } from '../scenario.ts';
import { put } from '../script.ts';

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
