/**
 * Invocations: at every level, with references and a place to store the result, at once and later,
 * listed, cancelled.
 */
import { levels, type InvocationAnswer, type InvocationState } from '../api-client.ts';
import { expect, test } from '../contract-fixture.ts';

/** Waits without a clock of its own: user code has none. */
const WAITING =
  'export default async (ms, cloud) => { await cloud.recv({ timeoutMs: ms }); return ms }';

const BUMP = `export default async (key, cloud) => {
  const next = ((await cloud.get(key)) ?? 0) + 1
  await cloud.put(key, next)
  return [next, await cloud.get(key)]
}`;

const DOUBLE_KEY = `export default async (value, key, cloud) => {
  await cloud.put(key, value[0] * 2)
  return cloud.get([key, key + ':absent'])
}`;

for (const consistency of levels) {
  test(`at ${consistency} a DAG reads what it wrote, and the next one too`, async ({
    api,
    unique,
  }) => {
    const [bump, double, dag, key] = ['bump', 'double', 'state', 'count'].map(unique) as [
      string,
      string,
      string,
      string,
    ];
    await api.putFunction(bump, BUMP);
    await api.putFunction(double, DOUBLE_KEY);
    await api.putDag(dag, {
      nodes: [
        { id: 'bump', function: bump },
        { id: 'double', function: double },
      ],
      edges: [{ from: 'bump', to: 'double', parameter: 'value' }],
    });
    const args = { bump: { key }, double: { key } };
    const first = await api.invokeDag(dag, args, { consistency });
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({
      invocation: expect.any(String),
      result: [2, null],
      consistency,
      durationMs: expect.any(Number),
      attempts: 1,
      session: expect.any(String),
    });
    const second = await api.invokeDag(dag, args, { consistency, session: first.body.session });
    expect(second.body.result).toEqual([6, null]);
    expect(await api.key(key)).toMatchObject({ value: 6, kind: 'register' });
  });
}

test('the level of the DAG holds unless the call names another', async ({ api, unique }) => {
  const [name, dag] = [unique('id'), unique('levelled')];
  await api.putFunction(name, 'export default (x) => x');
  await api.putDag(dag, { nodes: [{ id: 'a', function: name }], edges: [], consistency: 'causal' });
  expect((await api.invokeDag(dag, { a: { x: 1 } })).body.consistency).toBe('causal');
  const named = await api.invokeDag(dag, { a: { x: 1 } }, { consistency: 'repeatable-read' });
  expect(named.body.consistency).toBe('repeatable-read');
});

test('an argument may be a reference to a key', async ({ api, unique }) => {
  const [name, dag, key] = [unique('length'), unique('chain'), unique('text')];
  await api.putFunction(name, 'export default (x) => (typeof x === "string" ? x.length : x)');
  await api.putDag(dag, {
    nodes: [
      { id: 'a', function: name },
      { id: 'b', function: name },
    ],
    edges: [{ from: 'a', to: 'b', parameter: 'x' }],
  });
  await api.putKey(key, 'seven77');
  expect((await api.invokeFunction(name, { x: { $ref: key } })).body.result).toBe(7);
  expect((await api.invokeDag(dag, { a: { x: { $ref: key } } })).body.result).toBe(7);
});

test('store writes the value of the sink to a key as well', async ({ api, unique }) => {
  const [name, key] = [unique('pair'), unique('stored')];
  await api.putFunction(name, 'export default (x) => ({ x, twice: 2 * x })');
  const answer = await api.invokeFunction(name, { x: 4 }, { store: key });
  expect(answer.body.result).toEqual({ x: 4, twice: 8 });
  expect((await api.key(key)).value).toEqual({ x: 4, twice: 8 });
});

test('respond-async answers at once, and the end can be waited for', async ({ api, unique }) => {
  const name = unique('slow');
  await api.putFunction(name, WAITING);
  const path = `/api/v1/functions/${name}/invocations`;
  const prefer = { prefer: 'respond-async' };
  const accepted = await api.send<InvocationAnswer>(
    'POST',
    path,
    { arguments: { ms: 400 } },
    prefer,
  );
  expect(accepted.status).toBe(202);
  const { invocation } = accepted.body;
  expect(accepted.headers.get('location')).toBe(`/api/v1/invocations/${invocation}`);

  const now = await api.get<InvocationState>(`/api/v1/invocations/${invocation}`);
  expect(now.body).toMatchObject({ invocation, status: 'running' });
  const end = await api.awaitInvocation(invocation);
  expect(end).toMatchObject({ invocation, status: 'succeeded', result: 400 });
});

test('invocations are listed newest first, in pages', async ({ api, unique }) => {
  const name = unique('listed');
  await api.putFunction(name, 'export default (x) => x');
  const made: string[] = [];
  for (const x of [1, 2, 3, 4, 5])
    made.push((await api.invokeFunction(name, { x })).body.invocation);

  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const query = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await api.get<{
      readonly invocations: readonly InvocationState[];
      readonly cursor?: string;
    }>(`/api/v1/invocations?limit=2${query}`);
    expect(page.body.invocations.length).toBeLessThanOrEqual(2);
    seen.push(...page.body.invocations.map(({ invocation }) => invocation));
    cursor = page.body.cursor;
  } while (cursor !== undefined && !made.every((id) => seen.includes(id)));
  expect(seen.filter((id) => made.includes(id))).toEqual(made.toReversed());
  expect(new Set(seen).size).toBe(seen.length);
});

test('a running invocation is cancelled and changes nothing', async ({ api, unique }) => {
  const [name, key] = [unique('endless'), unique('untouched')];
  await api.putFunction(
    name,
    `export default async (key, cloud) => {
      await cloud.put(key, 'half done')
      await cloud.recv({ timeoutMs: 60000 })
    }`,
    { timeoutMs: 60_000 },
  );
  const invocation = await api.startFunction(name, { key }, { timeoutMs: 60_000 });
  await expect
    .poll(async () => (await api.trace(invocation)).map(({ kind }) => kind))
    .toContain('cache.write');
  const cancelled = await api.send<InvocationState>('DELETE', `/api/v1/invocations/${invocation}`);
  expect(cancelled.status).toBe(200);
  const end = await api.awaitInvocation(invocation);
  expect(end.status).not.toBe('running');
  expect(end.error).toMatchObject({ type: 'cancelled' });
  expect((await api.get(`/api/v1/keys/${key}`)).status).toBe(404);
});

test('an invocation that is not known', async ({ api }) => {
  for (const path of ['', '/trace']) {
    const answer = await api.get(`/api/v1/invocations/nobody${path}`);
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ type: 'invocation-not-found' });
  }
});

test('a function sends itself a message and receives it once', async ({ api, unique }) => {
  const name = unique('echo');
  await api.putFunction(
    name,
    `export default async (text, cloud) => {
      await cloud.send(cloud.id, { text })
      const got = await cloud.recv({ timeoutMs: 5000 })
      return [got.from === cloud.id, got.message, (await cloud.recv({ timeoutMs: 10 })) === undefined]
    }`,
  );
  const answer = await api.invokeFunction(name, { text: 'hello' });
  expect(answer.body.result).toEqual([true, { text: 'hello' }, true]);
  const kinds = (await api.trace(answer.body.invocation)).map(({ kind }) => kind);
  expect(kinds).toContain('message.sent');
  expect(kinds).toContain('message.received');
});

test('what a function logs stands in its trace', async ({ api, unique }) => {
  const name = unique('chatty');
  await api.putFunction(
    name,
    `export default (cloud) => { console.log('first', 1); cloud.log('second', { n: 2 }); return null }`,
  );
  const { invocation } = (await api.invokeFunction(name)).body;
  const lines = (await api.trace(invocation)).filter(({ kind }) => kind === 'log');
  expect(lines.map(({ text }) => text)).toEqual([
    expect.stringContaining('first'),
    expect.stringContaining('second'),
  ]);
});

test('without a trace not one event is told', async ({ api, unique }) => {
  const name = unique('quiet');
  await api.putFunction(name, 'export default (x) => x');
  const answer = await api.invokeFunction(name, { x: 1 }, { trace: 'off' });
  expect(answer.body.result).toBe(1);
  expect(await api.trace(answer.body.invocation)).toEqual([]);
});
