/**
 * DAGs: registered, replaced, shown, deleted; and each way in which one is refused.
 */
import type { ApiClient, DagBody, DagDetail } from '../api-client.ts';
import { expect, test } from '../contract-fixture.ts';

/** `double(x)` and `add(a, b)`, under names of their own. */
async function functionsFor(api: ApiClient, unique: (beginning: string) => string) {
  const [double, add] = [unique('double'), unique('add')];
  await api.putFunction(double, 'export default (x) => 2 * x');
  await api.putFunction(add, 'export default (a, b) => a + b');
  return { double, add };
}

test('a DAG is registered, replaced, shown, listed, run and deleted', async ({ api, unique }) => {
  const { double, add } = await functionsFor(api, unique);
  const name = unique('diamond');
  const path = `/api/v1/dags/${name}`;
  const dag: DagBody = {
    nodes: [
      { id: 'start', function: double },
      { id: 'left', function: double },
      { id: 'right', function: double },
      { id: 'end', function: add },
    ],
    edges: [
      { from: 'start', to: 'left', parameter: 'x' },
      { from: 'start', to: 'right', parameter: 'x' },
      { from: 'left', to: 'end', parameter: 'a' },
      { from: 'right', to: 'end', parameter: 'b' },
    ],
    layout: { start: { x: 8, y: 16 } },
  };

  const created = await api.putDag(name, dag);
  expect(created.status).toBe(201);
  expect(created.body).toMatchObject({ name, ...dag, sources: ['start'], sinks: ['end'] });

  const replaced = await api.putDag(name, { ...dag, consistency: 'causal' });
  expect(replaced.status).toBe(200);
  expect(replaced.body.version).toBeGreaterThan(created.body.version);

  const shown = await api.get<DagDetail>(path);
  expect(shown.body).toMatchObject({ ...dag, consistency: 'causal' });
  const list = await api.get<{ dags: readonly DagDetail[] }>('/api/v1/dags');
  expect(list.body.dags.map((entry) => entry.name)).toContain(name);

  const answer = await api.invokeDag(name, { start: { x: 3 } });
  expect(answer.body).toMatchObject({ result: 24, consistency: 'causal' });

  expect((await api.send('DELETE', path)).status).toBe(204);
  expect((await api.get(path)).body).toMatchObject({ type: 'dag-not-found', status: 404 });
  expect((await api.invokeDag(name)).body).toMatchObject({ type: 'dag-not-found' });
});

test('several sources and several sinks', async ({ api, unique }) => {
  const { double, add } = await functionsFor(api, unique);
  const name = unique('wide');
  const created = await api.putDag(name, {
    nodes: [
      { id: 'a', function: double },
      { id: 'b', function: double },
      { id: 'sum', function: add },
      { id: 'alone', function: double },
    ],
    edges: [
      { from: 'a', to: 'sum', parameter: 'a' },
      { from: 'b', to: 'sum', parameter: 'b' },
    ],
  });
  expect(created.body).toMatchObject({ sources: ['a', 'b', 'alone'], sinks: ['sum', 'alone'] });
  const answer = await api.invokeDag(name, { a: { x: 1 }, b: { x: 2 }, alone: { x: 5 } });
  expect(answer.body.results).toEqual({ sum: 6, alone: 10 });
  expect(answer.body).not.toHaveProperty('result');
});

test('a cycle is refused with its nodes in order', async ({ api, unique }) => {
  const { double } = await functionsFor(api, unique);
  const name = unique('loop');
  const answer = await api.putDag(name, {
    nodes: ['a', 'b', 'c', 'd'].map((id) => ({ id, function: double })),
    edges: [
      { from: 'a', to: 'b', parameter: 'x' },
      { from: 'b', to: 'c', parameter: 'x' },
      { from: 'c', to: 'a', parameter: 'x' },
      { from: 'c', to: 'd', parameter: 'x' },
    ],
  });
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ type: 'dag-cycle', status: 400 });
  const { cycle } = answer.body as unknown as { cycle: readonly string[] };
  // Where a circle begins does not matter; its order does.
  const turned = cycle.indexOf('a');
  expect([...cycle.slice(turned), ...cycle.slice(0, turned)]).toEqual(['a', 'b', 'c']);
  expect((await api.get(`/api/v1/dags/${name}`)).status).toBe(404);
});

test('a node that waits for itself is a cycle', async ({ api, unique }) => {
  const { double } = await functionsFor(api, unique);
  const answer = await api.putDag(unique('self'), {
    nodes: [{ id: 'a', function: double }],
    edges: [{ from: 'a', to: 'a', parameter: 'x' }],
  });
  expect(answer.body).toMatchObject({ type: 'dag-cycle', status: 400, cycle: ['a'] });
});

test('an unknown function, node or parameter is refused by name', async ({ api, unique }) => {
  const { double } = await functionsFor(api, unique);
  const nodes = [
    { id: 'a', function: double },
    { id: 'b', function: double },
  ];
  const put = async (dag: DagBody) => {
    const name = unique('refused');
    const answer = await api.putDag(name, dag);
    expect(answer.status).toBe(400);
    expect((await api.get(`/api/v1/dags/${name}`)).status).toBe(404);
    return answer.body;
  };

  const noFunction = await put({ nodes: [{ id: 'a', function: 'nobody' }], edges: [] });
  expect(noFunction).toMatchObject({ type: 'unknown-function', node: 'a', function: 'nobody' });

  const noNode = await put({ nodes, edges: [{ from: 'a', to: 'z', parameter: 'x' }] });
  expect(noNode).toMatchObject({ type: 'unknown-node', node: 'z' });

  const noSource = await put({ nodes, edges: [{ from: 'z', to: 'a', parameter: 'x' }] });
  expect(noSource).toMatchObject({ type: 'unknown-node', node: 'z' });

  const noParameter = await put({ nodes, edges: [{ from: 'a', to: 'b', parameter: 'y' }] });
  expect(noParameter).toMatchObject({ type: 'unknown-parameter', node: 'b', parameter: 'y' });
});

test('two nodes of one id, and a parameter bound twice', async ({ api, unique }) => {
  const { double } = await functionsFor(api, unique);
  const twice = await api.putDag(unique('twice'), {
    nodes: [
      { id: 'a', function: double },
      { id: 'a', function: double },
    ],
    edges: [],
  });
  expect(twice.status).toBe(400);
  expect(twice.body).toMatchObject({ type: 'duplicate-node', node: 'a' });

  const bound = await api.putDag(unique('bound'), {
    nodes: ['a', 'b', 'c'].map((id) => ({ id, function: double })),
    edges: [
      { from: 'a', to: 'c', parameter: 'x' },
      { from: 'b', to: 'c', parameter: 'x' },
    ],
  });
  expect(bound.status).toBe(400);
  expect(bound.body).toMatchObject({ type: 'parameter-bound-twice', node: 'c', parameter: 'x' });
});

test('a refused replacement leaves the DAG as it was', async ({ api, unique }) => {
  const { double } = await functionsFor(api, unique);
  const name = unique('kept');
  await api.putDag(name, { nodes: [{ id: 'a', function: double }], edges: [] });
  const refused = await api.putDag(name, { nodes: [{ id: 'a', function: 'nobody' }], edges: [] });
  expect(refused.status).toBe(400);
  expect((await api.invokeDag(name, { a: { x: 4 } })).body.result).toBe(8);
});
