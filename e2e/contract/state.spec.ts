/**
 * State that functions share: sessions that see their own past, merges that lose nothing,
 * concurrent writes kept or ordered as the level says.
 */
import { keyPath } from '../api-client.ts';
import { expect, test } from '../contract-fixture.ts';

const WRITE = 'export default async (key, value, cloud) => { await cloud.put(key, value) }';
const READ = 'export default async (key, cloud) => cloud.get(key)';
const ADD =
  'export default async (key, n, cloud) => { await cloud.merge(key, cloud.lattice.counter(n)) }';

test('with its token a session sees its write on every worker', async ({ api, unique }) => {
  const [write, read] = [unique('write'), unique('read')];
  await api.putFunction(write, WRITE);
  // Stays on its executor for a moment, so that calls at the same time spread over the workers.
  await api.putFunction(
    read,
    `export default async (key, cloud) => {
      await cloud.recv({ timeoutMs: 50 })
      return cloud.get(key)
    }`,
  );
  const workers = new Set<string | undefined>();
  // The other worker may be busy, or just being replaced, with what another test has asked for.
  const isEnough = (round: number): boolean => round >= 3 && (workers.size > 1 || round >= 30);
  for (let round = 0; !isEnough(round); round += 1) {
    const key = unique('past');
    const consistency = 'causal';
    let session: string | undefined;
    for (const value of ['older', 'newer']) {
      const answer = await api.invokeFunction(write, { key, value }, { consistency, session });
      ({ session } = answer.body);
      const calls = Array.from({ length: 8 }, () =>
        api.invokeFunction(read, { key }, { consistency, session }),
      );
      const answers = await Promise.all(calls);
      expect(answers.map(({ body }) => body.result)).toEqual(answers.map(() => value));
      for (const { body } of answers) {
        const reads = (await api.trace(body.invocation)).filter(
          ({ kind }) => kind === 'cache.read',
        );
        for (const { worker } of reads) workers.add(worker);
      }
    }
  }
  expect(workers.size, 'both workers took part').toBe(2);
});

for (const consistency of ['lww', 'causal'] as const) {
  test(`20 increments at the same time at ${consistency} add up`, async ({ api, unique }) => {
    const [add, key] = [unique('add'), unique('counter')];
    await api.putFunction(add, ADD);
    const amounts = Array.from({ length: 20 }, (_, n) => n + 1);
    const answers = await Promise.all(
      amounts.map((n) => api.invokeFunction(add, { key, n }, { consistency })),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(await api.key(key)).toMatchObject({ value: 210, kind: 'counter' });
  });
}

test('sets, maps and maxima join', async ({ api, unique }) => {
  const [name, key] = [unique('join'), unique('joined')];
  await api.putFunction(
    name,
    `export default async (key, n, cloud) => {
      const { lattice } = cloud
      await cloud.merge(key + ':set', lattice.set(['both', 'only ' + n]))
      await cloud.merge(key + ':map', lattice.map({ ['n' + n]: n }))
      await cloud.merge(key + ':max', lattice.max(n))
      return cloud.get([key + ':set', key + ':max'])
    }`,
  );
  await Promise.all([1, 3, 2].map((n) => api.invokeFunction(name, { key, n })));
  const set = await api.key(`${key}:set`);
  expect(set.kind).toBe('set');
  expect((set.value as readonly string[]).toSorted()).toEqual([
    'both',
    'only 1',
    'only 2',
    'only 3',
  ]);
  expect(await api.key(`${key}:map`)).toMatchObject({
    kind: 'map',
    value: { n1: 1, n2: 2, n3: 3 },
  });
  expect(await api.key(`${key}:max`)).toMatchObject({ kind: 'max', value: 3 });
});

test('a merge of another kind is refused and changes nothing', async ({ api, unique }) => {
  const [add, write, key] = [unique('add'), unique('write'), unique('kind')];
  await api.putFunction(add, ADD);
  await api.putFunction(write, WRITE);
  await api.putKey(key, 'text');
  const before = await api.key(key);
  const merged = await api.invokeFunction(add, { key, n: 1 });
  expect(merged.status).toBe(409);
  expect(merged.body).toMatchObject({ type: 'lattice-mismatch', status: 409, key });
  expect(await api.key(key)).toEqual(before);

  const counter = unique('kind');
  await api.invokeFunction(add, { key: counter, n: 5 });
  const put = await api.invokeFunction(write, { key: counter, value: 'text' });
  expect(put.body).toMatchObject({ type: 'lattice-mismatch', status: 409 });
  const overHttp = await api.putKey(counter, 'text');
  expect(overHttp.body).toMatchObject({ type: 'lattice-mismatch', status: 409 });
  expect(await api.key(counter)).toMatchObject({ value: 5, kind: 'counter' });
});

for (const [consistency, siblings] of [
  ['lww', 1],
  ['causal', 2],
] as const) {
  test(`two writes that did not know of each other at ${consistency}: ${siblings} kept`, async ({
    api,
    unique,
  }) => {
    const [name, all, key] = [unique('overlap'), unique('all'), unique('contested')];
    await api.putFunction(
      name,
      `export default async (key, mine, cloud) => {
        const before = await cloud.get(key)
        await cloud.put(key, mine)
        await cloud.recv({ timeoutMs: 400 })
        return before ?? 'nothing'
      }`,
    );
    await api.putFunction(all, 'export default async (key, cloud) => cloud.siblings(key)');
    const [a, b] = await Promise.all(
      ['a', 'b'].map((mine) => api.invokeFunction(name, { key, mine }, { consistency })),
    );
    expect([a?.body.result, b?.body.result]).toEqual(['nothing', 'nothing']);
    const stored = await api.key(key);
    expect(stored.siblings).toHaveLength(siblings);
    const seen = await api.invokeFunction(all, { key }, { consistency, session: a!.body.session });
    expect(seen.body.result).toHaveLength(siblings);

    const write = unique('write');
    await api.putFunction(
      write,
      'export default async (key, value, cloud) => { await cloud.get(key); await cloud.put(key, value) }',
    );
    await api.invokeFunction(
      write,
      { key, value: 'settled' },
      { consistency, session: seen.body.session },
    );
    expect(await api.key(key)).toMatchObject({
      value: 'settled',
      siblings: [{ value: 'settled' }],
    });
  });
}

test('at repeatable-read a key that changes meanwhile does not change for the run', async ({
  api,
  unique,
}) => {
  const [name, dag, key] = [unique('again'), unique('steady'), unique('moving')];
  await api.putFunction(
    name,
    `export default async (key, seen = [], cloud) => {
      const value = await cloud.get(key)
      await cloud.recv({ timeoutMs: 300 })
      return [...seen, value]
    }`,
  );
  await api.putDag(dag, {
    nodes: ['a', 'b', 'c'].map((id) => ({ id, function: name })),
    edges: [
      { from: 'a', to: 'b', parameter: 'seen' },
      { from: 'b', to: 'c', parameter: 'seen' },
    ],
  });
  await api.putKey(key, 'first');
  const args = { a: { key }, b: { key }, c: { key } };
  const invocation = await api.startDag(dag, args, { consistency: 'repeatable-read' });
  await expect
    .poll(async () => (await api.trace(invocation)).map(({ kind }) => kind))
    .toContain('cache.read');
  await api.putKey(key, 'second');
  const end = await api.awaitInvocation(invocation);
  expect(end).toMatchObject({ status: 'succeeded', result: ['first', 'first', 'first'] });
});

test('a delete is a write like any other', async ({ api, unique }) => {
  const [remove, read, key] = [unique('remove'), unique('read'), unique('deleted')];
  await api.putFunction(
    remove,
    `export default async (key, cloud) => {
      await cloud.delete(key)
      return (await cloud.get(key)) === undefined
    }`,
  );
  await api.putFunction(read, READ);
  await api.putKey(key, 1);
  const answer = await api.invokeFunction(remove, { key }, { consistency: 'causal' });
  expect(answer.body.result).toBe(true);
  expect((await api.get(keyPath(key))).status).toBe(404);
  const after = await api.invokeFunction(
    read,
    { key },
    { consistency: 'causal', session: answer.body.session },
  );
  expect(after.body.result ?? null).toBeNull();
});

test('flush commits what was written so far', async ({ api, unique }) => {
  const [name, key] = [unique('flusher'), unique('flushed')];
  await api.putFunction(
    name,
    `export default async (key, cloud) => {
      await cloud.put(key, 'flushed')
      await cloud.flush()
      await cloud.put(key + ':late', 'never')
      throw new Error('after the flush')
    }`,
  );
  expect((await api.invokeFunction(name, { key })).status).toBe(422);
  expect((await api.key(key)).value).toBe('flushed');
  expect((await api.get(keyPath(`${key}:late`))).status).toBe(404);
});
