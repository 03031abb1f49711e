/**
 * `Idempotency-Key`: a request that its client has named takes effect once, however often it comes,
 * also when everything dies in between.
 */
import {
  ApiClient,
  keyPath,
  type Answer,
  type InvocationAnswer,
  type KeyWritten,
  type Problem,
} from '../api-client.ts';
import { expect, test } from '../contract-fixture.ts';
import { waitUntil } from '../server-process.ts';

const ADD = `export default async (key, n, ms = 0, cloud) => {
  await cloud.merge(key, cloud.lattice.counter(n))
  if (ms > 0) await cloud.recv({ timeoutMs: ms })
  return [cloud.id, await cloud.get(key)]
}`;

const READ = `export default async (key, cloud) => [cloud.id, (await cloud.get(key)) ?? null]`;

const FAIL = `export default async (key, cloud) => {
  await cloud.merge(key, cloud.lattice.counter(1))
  await cloud.flush()
  throw new Error('after the flush')
}`;

const named = <Body = InvocationAnswer>(
  api: ApiClient,
  name: string,
  args: Readonly<Record<string, unknown>>,
  key: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer<Body>> =>
  api.send<Body>(
    'POST',
    `/api/v1/functions/${name}/invocations`,
    { arguments: args },
    { 'idempotency-key': key, ...headers },
  );

test('the same request is run once and answered the same', async ({ api, unique }) => {
  const [add, dag, count] = [unique('add'), unique('dag'), unique('count')];
  await api.putFunction(add, ADD);
  const first = await named(api, add, { key: count, n: 2 }, unique('key'));
  expect(first.status).toBe(200);
  expect(first.headers.get('idempotent-replayed')).toBeNull();
  const key = unique('key');
  const second = await named(api, add, { key: count, n: 3 }, key);
  const again = await named(api, add, { n: 3, key: count }, `"${key}"`);
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect(again.body).toEqual(second.body);
  expect(again.body.invocation).not.toBe(first.body.invocation);
  expect((await api.key(count)).value).toBe(5);

  await api.putDag(dag, {
    nodes: [
      { id: 'b', function: add },
      { id: 'a', function: add },
    ],
    edges: [],
  });
  const body = { arguments: { a: { key: count, n: 1 }, b: { key: count, n: 1 } } };
  const path = `/api/v1/dags/${dag}/invocations`;
  const headers = { 'idempotency-key': unique('key') };
  const ran = await api.send<InvocationAnswer>('POST', path, body, headers);
  expect(Object.keys(ran.body.results ?? {}).toSorted()).toEqual(['a', 'b']);
  // The answer stays, also when what was invoked is gone.
  await api.send('DELETE', `/api/v1/dags/${dag}`);
  expect((await api.send('POST', path, body, headers)).body).toEqual(ran.body);
  expect((await api.key(count)).value).toBe(7);
});

test('a request that comes while the first one runs joins it', async ({ api, unique }) => {
  const [add, count, key] = [unique('add'), unique('count'), unique('key')];
  await api.putFunction(add, ADD);
  const args = { key: count, n: 1, ms: 500 };
  const started = await named(api, add, args, key, { prefer: 'respond-async' });
  expect(started.status).toBe(202);
  const joined = await Promise.all([
    named(api, add, args, key),
    named(api, add, args, key),
    named(api, add, args, key, { prefer: 'respond-async' }),
  ]);
  expect(joined.map(({ status }) => status)).toEqual([200, 200, 202]);
  expect(new Set(joined.map(({ body }) => body.invocation))).toEqual(
    new Set([started.body.invocation]),
  );
  expect((await api.key(count)).value).toBe(1);
  const other = await named<Problem>(api, add, { ...args, n: 2 }, key);
  expect(other.status).toBe(422);
});

test('a key belongs to one request', async ({ api, unique }) => {
  const [add, read, count, key] = [unique('add'), unique('read'), unique('count'), unique('key')];
  await api.putFunction(add, ADD);
  await api.putFunction(read, READ);
  await named(api, add, { key: count, n: 1 }, key);
  const other = await named<Problem>(api, add, { key: count, n: 2 }, key);
  expect(other.status).toBe(422);
  expect(other.headers.get('content-type')).toContain('application/problem+json');
  expect(other.body).toMatchObject({ type: 'idempotency-key-reused', differs: ['arguments'] });
  const elsewhere = await named<Problem>(api, read, { key: count }, key);
  expect(elsewhere.body).toMatchObject({ status: 422, differs: ['arguments', 'path'] });
  expect((await api.key(count)).value).toBe(1);
});

test('a key that is none is refused, and nothing runs', async ({ api, unique }) => {
  const [add, count] = [unique('add'), unique('count')];
  await api.putFunction(add, ADD);
  for (const key of ['', '""', 'two words', 'k'.repeat(256), 'ké', '"open']) {
    const answer = await named<Problem>(api, add, { key: count, n: 1 }, key);
    expect({ key, status: answer.status }).toEqual({ key, status: 400 });
    expect(answer.body.type).toBe('invalid-idempotency-key');
  }
  expect((await api.get(`/api/v1/keys/${count}`)).status).toBe(404);
  expect((await named(api, add, { key: count, n: 1 }, `"${'k'.repeat(255)}"`)).status).toBe(200);
});

test('a failure is an answer, a refusal is none', async ({ api, unique }) => {
  const [fail, late, count, key] = [unique('fail'), unique('late'), unique('count'), unique('key')];
  await api.putFunction(fail, FAIL);
  const first = await named<Problem>(api, fail, { key: count }, key);
  expect(first.body).toMatchObject({ status: 422, type: 'function-failed' });
  const again = await named<Problem>(api, fail, { key: count }, key);
  expect(again.body).toEqual(first.body);
  expect((await api.key(count)).value).toBe(1);

  const other = unique('key');
  expect((await named(api, late, { key: count, n: 1 }, other)).status).toBe(404);
  await api.putFunction(late, ADD);
  expect((await named(api, late, { n: 1 }, other)).status).toBe(400);
  expect((await named(api, late, { key: count, n: 1 }, other)).status).toBe(200);
});

test('the answer outlives every process', async ({ ownServer }) => {
  const api = new ApiClient(ownServer.url);
  await api.putFunction('add', ADD);
  await api.putFunction('read', READ);
  await api.putFunction('fail', FAIL);
  const requests = ['add', 'read', 'fail'].map((name) => {
    const args = name === 'add' ? { key: 'count', n: 2 } : { key: 'count' };
    return () => named(api, name, args, `the ${name}`.replace(' ', '-'));
  });
  const before: unknown[] = [];
  for (const request of requests) before.push((await request()).body);
  const count = await api.key('count');
  expect(count.value).toBe(3);
  await ownServer.killEverything();
  await ownServer.start();
  for (const [index, request] of requests.entries()) {
    expect((await request()).body).toEqual(before[index]);
  }
  expect(await api.key('count')).toEqual(count);
});

test('killed in the middle of many requests: each has taken effect once when it is answered', async ({
  ownServer,
}) => {
  const api = new ApiClient(ownServer.url);
  await api.putFunction(
    'transfer',
    `export default async (n, cloud) => {
      await cloud.merge('from', cloud.lattice.counter(-1))
      await cloud.merge('to', cloud.lattice.counter(1))
      await cloud.put('last:' + n, n)
      return n
    }`,
  );
  const transfer = (n: number) => named(api, 'transfer', { n }, `transfer-${n}`);
  let asked = 0;
  let answered = 0;
  /** Asks for one after the other until the server is gone, so some are under way when it goes. */
  const askUntilCut = async (): Promise<void> => {
    for (;;) {
      const n = asked;
      asked += 1;
      if (!(await transfer(n).then(Boolean, () => false))) return;
      answered += 1;
    }
  };
  const clients = Array.from({ length: 30 }, askUntilCut);
  await waitUntil('some are answered', 20_000, () => answered > 5);
  await ownServer.killEverything();
  await Promise.all(clients);
  const numbers = Array.from({ length: asked }, (_, n) => n);
  expect(answered).toBe(asked - clients.length);
  await ownServer.start();
  const answers = await Promise.all(numbers.map((n) => transfer(n)));
  expect(answers.map(({ body }) => body.result)).toEqual(numbers);
  expect((await api.key('to')).value).toBe(asked);
  expect((await api.key('from')).value).toBe(-asked);
});

test('a key is written once by the same request, and deleted once', async ({ ownServer }) => {
  const api = new ApiClient(ownServer.url);
  const write = <Body = KeyWritten>(
    method: 'PUT' | 'DELETE',
    key: string,
    name: string,
    value?: unknown,
  ): Promise<Answer<Body>> =>
    api.send<Body>(method, keyPath(key), value === undefined ? undefined : { value }, {
      'idempotency-key': name,
    });
  const versionOf = async (key: string): Promise<unknown> => (await api.key(key)).version;

  const first = await write('PUT', 'a/b', 'first', { x: 1 });
  expect(first.status).toBe(200);
  expect(first.headers.get('idempotent-replayed')).toBeNull();
  expect(first.body).toEqual({ key: 'a/b', version: await versionOf('a/b') });
  // Somebody else writes in between: the repeated request changes nothing.
  await api.putKey('a/b', 'other');
  const after = await versionOf('a/b');
  const again = await write('PUT', 'a/b', 'first', { x: 1 });
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect(again.body).toEqual(first.body);
  expect(await api.key('a/b')).toMatchObject({ value: 'other', version: after });

  const together = await Promise.all([1, 2, 3].map(() => write('PUT', 'c', 'together', 'c')));
  expect(together.map(({ body }) => body)).toEqual(together.map(() => together[0]!.body));

  const others = [
    await write<Problem>('PUT', 'a/b', 'first', { x: 2 }),
    await write<Problem>('PUT', 'b', 'first', { x: 1 }),
    await write<Problem>('DELETE', 'a/b', 'first'),
  ];
  expect(others.map(({ status }) => status)).toEqual([422, 422, 422]);
  expect(others.map(({ body }) => body['differs'])).toEqual([
    ['value'],
    ['path'],
    ['path', 'value'],
  ]);
  expect((await write<Problem>('PUT', 'b', 'no key', 1)).body.type).toBe('invalid-idempotency-key');

  const deleted = await write('DELETE', 'a/b', 'second');
  await api.putKey('a/b', 'back');
  await ownServer.killEverything();
  await ownServer.start();
  const replayed = await write('DELETE', 'a/b', 'second');
  expect([replayed.status, replayed.headers.get('idempotent-replayed')]).toEqual([200, 'true']);
  expect(replayed.body).toEqual(deleted.body);
  expect((await api.key('a/b')).value).toBe('back');
  expect((await write('PUT', 'a/b', 'first', { x: 1 })).body).toEqual(first.body);

  const none = await write('DELETE', 'never', 'third');
  expect(none.body).toEqual({ key: 'never', version: {} });
  expect((await write('DELETE', 'never', 'third')).body).toEqual(none.body);
});

test('a write that is refused may be sent again under its name', async ({ api, unique }) => {
  const [add, count, name] = [unique('add'), unique('count'), unique('name')];
  await api.putFunction(add, ADD);
  await api.invokeFunction(add, { key: count, n: 1 });
  const put = () => api.send('PUT', keyPath(count), { value: 1 }, { 'idempotency-key': name });
  expect((await put()).body.type).toBe('lattice-mismatch');
  await api.send('DELETE', keyPath(count));
  expect((await put()).status).toBe((await api.putKey(count, 1)).status);
});
