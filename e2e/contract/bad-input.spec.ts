/**
 * Bad input of every kind is answered with a problem document, changes nothing, and leaves the
 * cluster well.
 */
import type { ApiClient, Problem } from '../api-client.ts';
import { expect, test } from '../contract-fixture.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const MEGABYTE = 1024 * 1024;

/** The answer is a problem document of this type, fit to be read by a person. */
function expectProblem(
  answer: { readonly status: number; readonly headers: Headers; readonly body: unknown },
  status: number,
  type: string | RegExp,
): Problem {
  const problem = answer.body as Problem;
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(problem).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
  expect(problem.type).toMatch(type);
  expect(answer.status).toBe(status);
  expect(problem.detail.length).toBeGreaterThan(15);
  return problem;
}

async function expectWell(api: ApiClient, unique: (beginning: string) => string): Promise<void> {
  const name = unique('well');
  await api.putFunction(name, 'export default (x) => x + 1');
  const answer = await api.invokeFunction(name, { x: 41 });
  expect(answer.status).toBe(200);
  expect(answer.body.result).toBe(42);
}

test('malformed JSON', async ({ api, unique }) => {
  const key = unique('never');
  const answer = await api.request('PUT', `/api/v1/keys/${key}`, {
    body: '{"value": 1,',
    headers: JSON_TYPE,
  });
  expectProblem(answer, 400, 'malformed-json');
  expect((await api.get(`/api/v1/keys/${key}`)).status).toBe(404);
});

test('a body that is no object, a field that is unknown, a field of another type', async ({
  api,
  unique,
}) => {
  const path = `/api/v1/functions/${unique('never')}`;
  expectProblem(await api.send('PUT', path, [1]), 400, 'invalid-request');
  const source = 'export default () => 1';
  const unknown = await api.send('PUT', path, { source, retries: 3 });
  expect(expectProblem(unknown, 400, 'invalid-request').detail).toContain('retries');
  const mistyped = await api.send('PUT', path, { source, timeoutMs: 'soon' });
  expect(expectProblem(mistyped, 400, 'invalid-request').detail).toContain('timeoutMs');
  expect((await api.get(path)).status).toBe(404);
});

test('an argument of 20 MB, and an oversized value', async ({ api, unique }) => {
  const name = unique('length');
  await api.putFunction(name, 'export default (x) => x.length');
  const large = 'x'.repeat(20 * MEGABYTE);
  expectProblem(await api.invokeFunction(name, { x: large }), 413, 'body-too-large');
  const key = unique('large');
  expectProblem(await api.putKey(key, large), 413, 'body-too-large');
  expect((await api.get(`/api/v1/keys/${key}`)).status).toBe(404);
  await expectWell(api, unique);
});

test('an unknown level names those that there are', async ({ api, unique }) => {
  const name = unique('id');
  await api.putFunction(name, 'export default (x) => x');
  const answer = await api.send('POST', `/api/v1/functions/${name}/invocations`, {
    arguments: { x: 1 },
    consistency: 'serializable',
  });
  const problem = expectProblem(answer, 400, 'invalid-request');
  expect(JSON.stringify(problem)).toContain('repeatable-read');
  expect(problem.detail).toContain('consistency');
});

test('an unknown function, DAG, address, method', async ({ api }) => {
  expectProblem(await api.invokeFunction('nobody', {}), 404, 'function-not-found');
  expectProblem(await api.invokeDag('nobody', {}), 404, 'dag-not-found');
  expectProblem(await api.get('/api/v1/nothing'), 404, 'not-found');
  expectProblem(await api.send('POST', '/api/v1/keys/k', {}), 405, 'method-not-allowed');
  const worker = await api.send('POST', '/api/v1/cluster/workers/nobody/kill');
  expectProblem(worker, 404, 'worker-not-found');
});

test('a missing argument names its node and parameter', async ({ api, unique }) => {
  const [name, dag] = [unique('sum'), unique('missing')];
  await api.putFunction(name, 'export default (a, b, c = 0) => a + b + c');
  await api.putDag(dag, {
    nodes: [
      { id: 'first', function: name },
      { id: 'second', function: name },
    ],
    edges: [{ from: 'first', to: 'second', parameter: 'a' }],
  });
  const answer = await api.invokeDag(dag, { first: { a: 1, b: 2 } });
  const problem = expectProblem(answer, 400, 'missing-argument');
  expect(problem).toMatchObject({ node: 'second', parameter: 'b' });
  const single = expectProblem(await api.invokeFunction(name, { a: 1 }), 400, 'missing-argument');
  expect(single).toMatchObject({ parameter: 'b' });
});

test('an argument for a node or parameter that is not there, or that an edge binds', async ({
  api,
  unique,
}) => {
  const [name, dag] = [unique('id'), unique('bound')];
  await api.putFunction(name, 'export default (x) => x');
  await api.putDag(dag, {
    nodes: [
      { id: 'a', function: name },
      { id: 'b', function: name },
    ],
    edges: [{ from: 'a', to: 'b', parameter: 'x' }],
  });
  const given = { a: { x: 1 } };
  const noNode = await api.invokeDag(dag, { ...given, z: { x: 1 } });
  expect(expectProblem(noNode, 400, 'unknown-node')).toMatchObject({ node: 'z' });
  const noParameter = await api.invokeDag(dag, { a: { x: 1, y: 2 } });
  expect(expectProblem(noParameter, 400, 'unknown-parameter')).toMatchObject({ parameter: 'y' });
  const twice = await api.invokeDag(dag, { ...given, b: { x: 2 } });
  expectProblem(twice, 400, 'parameter-bound-twice');
});

test("a function that throws answers with the user's own line", async ({ api, unique }) => {
  const [name, dag] = [unique('thrower'), unique('throwing')];
  const source = [
    'const check = (photo) => {',
    '  if (photo.tags === undefined) {',
    "    throw new TypeError('photo has no tags')",
    '  }',
    '}',
    'export default (x) => {',
    '  check(x)',
    '  return x',
    '}',
  ].join('\n');
  await api.putFunction(name, source);
  await api.putDag(dag, { nodes: [{ id: 'publish', function: name }], edges: [] });
  const answer = await api.invokeDag(dag, { publish: { x: {} } });
  const problem = expectProblem(answer, 422, 'function-failed');
  expect(problem).toMatchObject({
    node: 'publish',
    function: name,
    error: { name: 'TypeError', message: 'photo has no tags', stack: expect.any(String) },
  });
  const { stack } = problem['error'] as { stack: string };
  const places = stack.split('\n').slice(1);
  expect(places[0]).toMatch(/:3:\d+/u);
  expect(places[1]).toMatch(/:7:\d+/u);
  expect(stack).not.toMatch(/node_modules|packages\/runtime|isolated/u);
});

test('anything can be thrown, and a rejection is a throw', async ({ api, unique }) => {
  const name = unique('odd');
  await api.putFunction(name, `export default async () => { throw 'just text' }`);
  const text = expectProblem(await api.invokeFunction(name), 422, 'function-failed');
  expect(JSON.stringify(text['error'])).toContain('just text');
  await api.putFunction(name, 'export default () => Promise.reject(new RangeError("late"))');
  const late = expectProblem(await api.invokeFunction(name), 422, 'function-failed');
  expect(late['error']).toMatchObject({ name: 'RangeError', message: 'late' });
  await api.putFunction(name, 'export default () => null.x');
  const typed = expectProblem(await api.invokeFunction(name), 422, 'function-failed');
  expect(typed['error']).toMatchObject({ name: 'TypeError' });
});

test('a failed run writes nothing', async ({ api, unique }) => {
  const [name, key] = [unique('halfway'), unique('nothing')];
  await api.putFunction(
    name,
    `export default async (key, cloud) => { await cloud.put(key, 1); throw new Error('after the write') }`,
  );
  expectProblem(await api.invokeFunction(name, { key }), 422, 'function-failed');
  expect((await api.get(`/api/v1/keys/${key}`)).status).toBe(404);
});

for (const [what, source] of [
  ['an infinite loop', 'export default () => { for (;;) {} }'],
  ['a promise that never settles', 'export default () => new Promise(() => {})'],
] as const) {
  test(`${what} ends with the time limit`, async ({ api, unique }) => {
    const name = unique('endless');
    await api.putFunction(name, source, { timeoutMs: 300 });
    const startedMs = performance.now();
    expectProblem(await api.invokeFunction(name), 504, 'timeout');
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    await expectWell(api, unique);
  });
}

test('the time limit of a call ends it too', async ({ api, unique }) => {
  const name = unique('patient');
  await api.putFunction(name, 'export default (cloud) => cloud.recv({ timeoutMs: 30000 })', {
    timeoutMs: 30_000,
  });
  expectProblem(await api.invokeFunction(name, {}, { timeoutMs: 300 }), 504, 'timeout');
});

for (const [what, source] of [
  [
    'objects',
    'export default () => { const all = []; for (;;) all.push({ n: all.length, text: String(all.length) }) }',
  ],
  [
    'buffers',
    'export default () => { const all = []; for (;;) all.push(new Uint8Array(1 << 20).fill(1)) }',
  ],
  [
    'a string',
    'export default () => { let text = "x"; for (;;) text += text + JSON.stringify([text]) }',
  ],
] as const) {
  test(`a memory bomb of ${what} ends at the memory limit, and the cluster goes on`, async ({
    api,
    unique,
  }) => {
    const name = unique('bomb');
    await api.putFunction(name, source, { memoryMb: 16, timeoutMs: 20_000 });
    const answer = await api.invokeFunction(name);
    // V8 refuses a string beyond its length limit by throwing, before memory runs out.
    expectProblem(
      answer,
      422,
      what === 'a string' ? /memory-limit|function-failed/u : 'memory-limit',
    );
    await expectWell(api, unique);
    const { workers } = await api.cluster();
    expect(workers.filter(({ state }) => state === 'running').length).toBeGreaterThan(0);
  });
}

test('a session token that is none', async ({ api, unique }) => {
  const name = unique('id');
  await api.putFunction(name, 'export default (x) => x');
  const answer = await api.invokeFunction(name, { x: 1 }, { session: 'not a token' });
  expectProblem(answer, 400, 'invalid-session');
});

test('a result that cannot be sent is refused, not lost', async ({ api, unique }) => {
  const name = unique('circular');
  await api.putFunction(name, 'export default () => { const a = {}; a.self = a; return a }');
  expectProblem(await api.invokeFunction(name), 422, 'function-failed');
  await expectWell(api, unique);
});

test('a function that writes without end: too many that depend on each other are refused by name', async ({
  api,
  unique,
}) => {
  const name = unique('write');
  await api.putFunction(
    name,
    `export default async (prefix, n, cloud) => {
      for (let i = 0; i < n; i += 1) await cloud.put(prefix + i, i)
    }`,
    { timeoutMs: 30_000 },
  );
  const write = (prefix: string, consistency: 'lww' | 'causal', session?: string) =>
    api.invokeFunction(name, { prefix, n: 20_000 }, { consistency, session, timeoutMs: 30_000 });
  const [causal, free] = [unique('causal'), unique('free')];
  const refused = await write(causal, 'causal');
  const problem = expectProblem(refused, 422, 'too-many-dependencies');
  expect(problem).toMatchObject({ node: name, function: name, key: expect.any(String) });
  expect(problem.detail).toContain('500000');
  expect((await api.get(`/api/v1/keys/${causal}0`)).status).toBe(404);
  const written = await write(free, 'lww');
  expect(written.status).toBe(200);
  expect((await api.key(`${free}19999`)).value).toBe(19_999);
  // Its session names all of them, and can be continued.
  expect((await write(free, 'lww', written.body.session)).status).toBe(200);
  await expectWell(api, unique);
});

test('a counter that would leave the numbers is refused before it is written', async ({
  api,
  unique,
}) => {
  const [name, key] = [unique('add'), unique('count')];
  await api.putFunction(
    name,
    `export default async (key, n, cloud) => {
      await cloud.merge(key, cloud.lattice.counter(n))
      await cloud.merge(key, cloud.lattice.counter(n))
      return cloud.get(key)
    }`,
  );
  const refused = await api.invokeFunction(name, { key, n: 1e308 });
  expectProblem(refused, 422, 'function-failed');
  const most = Number.MAX_SAFE_INTEGER;
  expect((await api.invokeFunction(name, { key, n: most })).body.result).toBe(2 * most);
  await expectWell(api, unique);
});

test('writes that are too large together are refused at once', async ({ api, unique }) => {
  const [name, key] = [unique('fill'), unique('large')];
  await api.putFunction(
    name,
    `export default async (key, cloud) => {
      for (let i = 0; i < 6; i += 1) await cloud.put(key + i, 'x'.repeat(12 * 2 ** 20))
    }`,
    { memoryMb: 512, timeoutMs: 20_000 },
  );
  const answer = await api.invokeFunction(name, { key });
  expect(expectProblem(answer, 413, 'value-too-large').detail).toContain('64 MB');
  expect((await api.get(`/api/v1/keys/${key}0`)).status).toBe(404);
  await expectWell(api, unique);
});

test('very many requests that are not awaited do not keep others waiting', async ({
  api,
  unique,
}) => {
  const [get, put, key] = [unique('get'), unique('put'), unique('flood')];
  const flood = (act: string, after: string): string => `export default async (key, cloud) => {
    const all = Array.from({ length: 20_000 }, (_, i) => ${act})
    ${after}
    return all.length
  }`;
  await api.putFunction(get, flood('cloud.get(key + i)', ''), { memoryMb: 256 });
  await api.putFunction(put, flood('cloud.put(key + i, i)', 'await Promise.all(all)'), {
    memoryMb: 256,
    timeoutMs: 20_000,
  });
  for (const [name, consistency] of [
    [get, 'causal'],
    [put, 'lww'],
  ] as const) {
    const answer = await api.invokeFunction(name, { key }, { consistency, timeoutMs: 20_000 });
    expect(answer.body).toMatchObject({ result: 20_000 });
    await expectWell(api, unique);
  }
});

test('a cursor from nowhere, a compressed body, a key or an address that cannot be', async ({
  api,
}) => {
  for (const cursor of ['_', 'gICA', '!', 'A'.repeat(9_000), btoa('k'.repeat(2_000))]) {
    const page = await api.get(`/api/v1/keys?cursor=${encodeURIComponent(cursor)}`);
    expect(expectProblem(page, 400, 'invalid-request')).toMatchObject({
      errors: [{ field: '/cursor' }],
    });
  }
  const body = '{"value": 1}';
  const headers = { ...JSON_TYPE, 'content-encoding': 'gzip' };
  const encoded = await api.request('PUT', '/api/v1/keys/encoded', { body, headers });
  expect(expectProblem(encoded, 415, 'unsupported-media-type').detail).toContain('gzip');
  expect((await api.get('/api/v1/keys/encoded')).status).toBe(404);
  const long = `/api/v1/keys/${'k'.repeat(5_000)}`;
  for (const method of ['GET', 'PUT', 'DELETE'] as const) {
    const answer = await api.send(method, long, method === 'PUT' ? { value: 1 } : undefined);
    expect(expectProblem(answer, 400, 'invalid-request')).toMatchObject({
      errors: [{ field: '/key' }],
    });
  }
  expect(expectProblem(await api.get('//etc/passwd'), 404, 'not-found').detail).toContain('/docs');
});
