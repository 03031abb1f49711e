/**
 * The contract of api.md as a client sees it: functions, DAGs, invocations, keys, cluster.
 */
import { expect, test } from 'vitest';
import { makeTestApp } from './testkit/test-app.ts';

test('registers, replaces, lists, shows and deletes functions', async () => {
  await using server = await makeTestApp();
  const source = 'export default async (user, limit = 10, cloud) => limit';
  const created = await server.send('PUT', '/api/v1/functions/read', { source });
  expect(created.statusCode).toBe(201);
  expect(created.json()).toMatchObject({
    name: 'read',
    version: 1,
    language: 'javascript',
    parameters: ['user', 'limit'],
    optional: ['limit'],
    usesCloud: true,
  });
  expect((await server.send('PUT', '/api/v1/functions/read', { source })).statusCode).toBe(200);
  expect((await server.send('GET', '/api/v1/functions')).json().functions).toHaveLength(1);
  expect((await server.send('GET', '/api/v1/functions/read')).json().source).toBe(source);
  expect((await server.send('DELETE', '/api/v1/functions/read')).statusCode).toBe(204);
  const gone = await server.send('GET', '/api/v1/functions/read');
  expect(gone.statusCode).toBe(404);
  expect(gone.json().type).toBe('function-not-found');
});

test('refuses sources with the place of the mistake, and changes nothing', async () => {
  await using server = await makeTestApp();
  const source = 'export default (x) => {\n  return x +\n}';
  const answer = await server.send('PUT', '/api/v1/functions/broken', { source });
  expect(answer.statusCode).toBe(400);
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect(answer.json()).toMatchObject({ type: 'syntax-error', status: 400, line: 3, column: 1 });
  const rest = { source: 'export default (...xs) => xs' };
  const signature = await server.send('PUT', '/api/v1/functions/rest', rest);
  expect(signature.json().type).toBe('unsupported-signature');
  const name = await server.send('PUT', '/api/v1/functions/1st', { source: 'export default 1' });
  expect(name.json().type).toBe('invalid-name');
  expect((await server.send('GET', '/api/v1/functions')).json().functions).toEqual([]);
});

test('registers a DAG and tells its ends; a function in use stays', async () => {
  await using server = await makeTestApp();
  await server.registerComposition();
  const dag = (await server.send('GET', '/api/v1/dags/composition')).json();
  expect(dag).toMatchObject({ version: 1, sources: ['inc'], sinks: ['sq'] });
  const inUse = await server.send('DELETE', '/api/v1/functions/square');
  expect(inUse.statusCode).toBe(409);
  expect(inUse.json().type).toBe('function-in-use');
  expect((await server.send('DELETE', '/api/v1/dags/composition')).statusCode).toBe(204);
  expect((await server.send('DELETE', '/api/v1/functions/square')).statusCode).toBe(204);
});

const inc = { id: 'inc', function: 'increment' };
const sq = { id: 'sq', function: 'square' };
const edge = { from: 'inc', to: 'sq', parameter: 'x' };

test.each([
  [
    'dag-cycle',
    [inc, sq],
    [edge, { from: 'sq', to: 'inc', parameter: 'x' }],
    { cycle: ['inc', 'sq'] },
  ],
  ['unknown-function', [{ id: 'a', function: 'nobody' }], [], { node: 'a', function: 'nobody' }],
  ['unknown-node', [inc], [edge], { node: 'sq' }],
  ['unknown-parameter', [inc, sq], [{ ...edge, parameter: 'y' }], { node: 'sq', parameter: 'y' }],
  ['duplicate-node', [inc, inc], [], { node: 'inc' }],
  ['parameter-bound-twice', [inc, sq], [edge, edge], { node: 'sq', parameter: 'x' }],
  ['dag-empty', [], [], {}],
])('refuses a DAG: %s', async (type, nodes, edges, fields) => {
  await using server = await makeTestApp();
  await server.registerComposition();
  const answer = await server.send('PUT', '/api/v1/dags/bad', { nodes, edges });
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({ type, ...fields });
  expect(answer.json().detail).toMatch(/\w{3}/u);
  expect((await server.send('GET', '/api/v1/dags/bad')).statusCode).toBe(404);
});

test('runs a DAG and a function', async () => {
  await using server = await makeTestApp();
  await server.registerComposition();
  const body = { arguments: { inc: { x: 4 } }, consistency: 'causal' };
  const answer = await server.send('POST', '/api/v1/dags/composition/invocations', body);
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({ result: 25, consistency: 'causal', attempts: 1 });
  expect(answer.json().session).toBe('token');
  expect(answer.json().durationMs).toBe(1.234);
  const single = await server.send('POST', '/api/v1/functions/square/invocations', {
    arguments: { x: 7 },
  });
  expect(single.json()).toMatchObject({ result: 49, consistency: 'lww' });
});

test('answers with results when there are several sinks, and with the consistency of the DAG', async () => {
  await using server = await makeTestApp();
  await server.registerComposition();
  await server.send('PUT', '/api/v1/dags/two', {
    nodes: [inc, sq],
    consistency: 'repeatable-read',
  });
  const body = { arguments: { inc: { x: 1 }, sq: { x: 3 } } };
  const answer = await server.send('POST', '/api/v1/dags/two/invocations', body);
  expect(answer.json()).toMatchObject({
    results: { inc: 2, sq: 9 },
    consistency: 'repeatable-read',
  });
  expect(answer.json()).not.toHaveProperty('result');
});

test.each([
  [{ inc: {} }, 'missing-argument', { node: 'inc', parameter: 'x' }],
  [{ inc: { x: 1, y: 2 } }, 'unknown-parameter', { node: 'inc', parameter: 'y' }],
  [{ inc: { x: 1 }, sq: { x: 2 } }, 'parameter-bound-twice', { node: 'sq', parameter: 'x' }],
  [{ inc: { x: 1 }, other: {} }, 'unknown-node', { node: 'other' }],
  [{ inc: { x: { $ref: 5 } } }, 'invalid-request', { node: 'inc', parameter: 'x' }],
])('refuses arguments %j: %s', async (args, type, fields) => {
  await using server = await makeTestApp();
  await server.registerComposition();
  const body = { arguments: args };
  const answer = await server.send('POST', '/api/v1/dags/composition/invocations', body);
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({ type, ...fields });
  expect((await server.send('GET', '/api/v1/invocations')).json().invocations).toEqual([]);
});

test('an argument may be read from a key, and the result written to one', async () => {
  await using server = await makeTestApp();
  await server.registerComposition();
  await server.send('PUT', '/api/v1/keys/start', { value: 2 });
  const body = { arguments: { inc: { x: { $ref: 'start' } } }, store: 'end' };
  const answer = await server.send('POST', '/api/v1/dags/composition/invocations', body);
  expect(answer.json().result).toBe(9);
  expect((await server.send('GET', '/api/v1/keys/end')).json().value).toBe(9);
});

test('a function that throws is a problem with the error inside', async () => {
  await using server = await makeTestApp();
  const source = "export default (x) => { throw new TypeError('no ' + x) }";
  await server.send('PUT', '/api/v1/functions/thrower', { source });
  const body = { arguments: { x: 'way' } };
  const answer = await server.send('POST', '/api/v1/functions/thrower/invocations', body);
  expect(answer.statusCode).toBe(422);
  expect(answer.json()).toMatchObject({
    type: 'function-failed',
    node: 'thrower',
    function: 'thrower',
    error: { name: 'TypeError', message: 'no way' },
  });
  const { invocation } = answer.json();
  const status = (await server.send('GET', `/api/v1/invocations/${invocation}`)).json();
  expect(status).toMatchObject({ status: 'failed', error: { type: 'function-failed' } });
});

test('no capacity says when to come again', async () => {
  await using server = await makeTestApp();
  await server.registerComposition();
  const failure = { type: 'overloaded', detail: 'All executors are busy. Try again.' } as const;
  server.cluster.script = async () => ({ ok: false, failure, attempts: 0, durationUs: 1 });
  const body = { arguments: { inc: { x: 1 } } };
  const answer = await server.send('POST', '/api/v1/dags/composition/invocations', body);
  expect(answer.statusCode).toBe(503);
  expect(answer.headers['retry-after']).toBe('1');
});

test('with respond-async the answer is the place to look, and wait is a long poll', async () => {
  await using server = await makeTestApp();
  await server.registerComposition();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.cluster.script = async () => {
    await promise;
    const results = new Map([['sq', '25']]);
    return { ok: true, results, attempts: 1, durationUs: 5, sessionToken: 't' };
  };
  const answer = await server.send(
    'POST',
    '/api/v1/dags/composition/invocations',
    { arguments: { inc: { x: 4 } } },
    { prefer: 'respond-async' },
  );
  expect(answer.statusCode).toBe(202);
  const location = answer.headers.location ?? '';
  expect(location).toBe(`/api/v1/invocations/${answer.json().invocation}`);
  expect((await server.send('GET', `${location}?wait=1`)).json().status).toBe('running');
  const polled = server.send('GET', `${location}?wait=10000`);
  resolve();
  expect((await polled).json()).toMatchObject({
    status: 'succeeded',
    result: 25,
    dag: 'composition',
  });
});

test('cancels a running invocation', async () => {
  await using server = await makeTestApp();
  const source = 'export default () => new Promise(() => undefined)';
  await server.send('PUT', '/api/v1/functions/forever', { source });
  const prefer = { prefer: 'respond-async' };
  const path = '/api/v1/functions/forever/invocations';
  const { invocation } = (await server.send('POST', path, {}, prefer)).json();
  const answer = await server.send('DELETE', `/api/v1/invocations/${invocation}`);
  expect(answer.json()).toMatchObject({ status: 'cancelled', error: { type: 'cancelled' } });
});

test('lists invocations newest first, in pages', async () => {
  await using server = await makeTestApp();
  await server.registerComposition();
  for (const x of [1, 2, 3, 4, 5]) {
    await server.send('POST', '/api/v1/dags/composition/invocations', {
      arguments: { inc: { x } },
    });
  }
  const first = (await server.send('GET', '/api/v1/invocations?limit=3')).json();
  const results = (page: { invocations: { result: number }[] }) =>
    page.invocations.map(({ result }) => result);
  expect(results(first)).toEqual([36, 25, 16]);
  const next = await server.send('GET', `/api/v1/invocations?limit=3&cursor=${first.cursor}`);
  expect(results(next.json())).toEqual([9, 4]);
  expect(next.json()).not.toHaveProperty('cursor');
});

test('a large result is in its invocation, not in the list', async () => {
  await using server = await makeTestApp();
  const source = "export default () => 'x'.repeat(5000)";
  await server.send('PUT', '/api/v1/functions/large', { source });
  const { invocation } = (await server.send('POST', '/api/v1/functions/large/invocations')).json();
  const [listed] = (await server.send('GET', '/api/v1/invocations')).json().invocations;
  expect(listed).toMatchObject({ invocation, status: 'succeeded', function: 'large' });
  expect(listed).not.toHaveProperty('result');
  const found = (await server.send('GET', `/api/v1/invocations/${invocation}`)).json();
  expect(found.result).toHaveLength(5_000);
});

test('a trace has the DAG as it was and its events in order; without trace there are none', async () => {
  await using server = await makeTestApp();
  await server.registerComposition();
  const path = '/api/v1/dags/composition/invocations';
  const body = { arguments: { inc: { x: 4 } } };
  const { invocation } = (await server.send('POST', path, body)).json();
  await server.send('PUT', '/api/v1/dags/composition', { nodes: [inc] });
  const trace = (await server.send('GET', `/api/v1/invocations/${invocation}/trace`)).json();
  expect(trace).toMatchObject({ status: 'succeeded', nodes: [inc, sq], edges: [edge] });
  expect(trace.events.map((event: { kind: string }) => event.kind)).toEqual([
    'invocation.started',
    'function.started',
    'function.finished',
    'function.triggered',
    'function.started',
    'function.finished',
    'invocation.finished',
  ]);
  const silent = (await server.send('POST', path, { ...body, trace: 'off' })).json().invocation;
  const nothing = (await server.send('GET', `/api/v1/invocations/${silent}/trace`)).json();
  expect(nothing.events).toEqual([]);
});

test('writes, reads, lists and deletes keys of any name', async () => {
  await using server = await makeTestApp();
  for (const key of ['a/b', 'user:ann', '__proto__', 'constructor', 'ключ', '100%']) {
    const path = `/api/v1/keys/${encodeURIComponent(key)}`;
    const written = await server.send('PUT', path, { value: { name: key } });
    expect(written.json()).toEqual({ key, version: { lww: expect.any(Number) } });
    const read = (await server.send('GET', path)).json();
    expect(read).toMatchObject({ key, value: { name: key }, kind: 'register', dependencies: {} });
    expect(read.siblings).toEqual([
      { value: { name: key }, writer: 'w1.1', timestamp: expect.any(Number) },
    ]);
    expect(read.version).toEqual(written.json().version);
  }
  expect((await server.send('GET', '/api/v1/keys/a/b')).statusCode).toBe(200);
  const page = (await server.send('GET', '/api/v1/keys?limit=4')).json();
  expect(page.keys).toHaveLength(4);
  const rest = (await server.send('GET', `/api/v1/keys?limit=4&cursor=${page.cursor}`)).json();
  expect(rest.keys.map(({ key }: { key: string }) => key)).toEqual(['user:ann', 'ключ']);
  const users = (await server.send('GET', '/api/v1/keys?prefix=user:')).json();
  expect(users.keys).toHaveLength(1);
  expect((await server.send('DELETE', '/api/v1/keys/a%2Fb')).statusCode).toBe(200);
  expect((await server.send('GET', '/api/v1/keys/a%2Fb')).json().type).toBe('key-not-found');
});

test('a key needs a value, and null is one', async () => {
  await using server = await makeTestApp();
  const empty = await server.send('PUT', '/api/v1/keys/k', {});
  expect(empty.statusCode).toBe(400);
  expect(empty.json().errors).toEqual([{ field: '/value', message: expect.any(String) }]);
  expect((await server.send('PUT', '/api/v1/keys/k', { value: null })).statusCode).toBe(200);
  expect((await server.send('GET', '/api/v1/keys/k')).json().value).toBeNull();
});

test('shows the cluster, adds, drains and kills workers', async () => {
  await using server = await makeTestApp();
  const ids = async (): Promise<string[]> =>
    (await server.send('GET', '/api/v1/cluster')).json().workers.map((w: { id: string }) => w.id);
  expect(await ids()).toEqual(['w1']);
  const added = await server.send('POST', '/api/v1/cluster/workers');
  expect(added.statusCode).toBe(201);
  expect(await ids()).toEqual(['w1', 'w2']);
  expect((await server.send('DELETE', '/api/v1/cluster/workers/w2')).statusCode).toBe(202);
  expect((await server.send('POST', '/api/v1/cluster/workers/w1/kill')).statusCode).toBe(202);
  expect(await ids()).toEqual([]);
  const missing = await server.send('POST', '/api/v1/cluster/workers/w9/kill');
  expect(missing.json().type).toBe('worker-not-found');
  expect((await server.send('GET', '/readyz')).statusCode).toBe(503);
  expect((await server.send('GET', '/healthz')).json()).toEqual({ status: 'ok' });
});

test('metrics count invocations and reads', async () => {
  await using server = await makeTestApp();
  const source = "export default (cloud) => cloud.get('k')";
  await server.send('PUT', '/api/v1/functions/reader', { source });
  for (const _ of [1, 2]) await server.send('POST', '/api/v1/functions/reader/invocations', {});
  const { body, headers } = await server.send('GET', '/metrics');
  expect(headers['content-type']).toContain('text/plain');
  expect(body).toContain('stormglass_invocations_total{status="succeeded"} 2');
  expect(body).toContain('stormglass_invocation_duration_seconds_count 2');
  expect(body).toContain('stormglass_cache_reads_total{outcome="miss"} 1');
  expect(body).toContain('stormglass_cache_reads_total{outcome="hit"} 1');
  expect(body).toContain('stormglass_workers{state="running"} 1');
  expect(body).toContain('nodejs_eventloop_lag_seconds');
});
