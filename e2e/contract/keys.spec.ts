/**
 * Keys: written, read, listed in pages, deleted; any text may name one, and no name reaches
 * anything else.
 */
import { keyPath, type KeyPage, type KeyWritten } from '../api-client.ts';
import { expect, test } from '../contract-fixture.ts';
import { isNewer } from './causal-order.ts';

test('a key is written, read, overwritten and deleted', async ({ api, unique }) => {
  const key = unique('key');
  const first = await api.putKey(key, { a: [1, 'two', null] });
  expect(first.status).toBe(200);
  expect(first.body.key).toBe(key);
  const stored = await api.key(key);
  expect(stored).toMatchObject({
    key,
    value: { a: [1, 'two', null] },
    siblings: [
      { value: { a: [1, 'two', null] }, writer: expect.any(String), timestamp: expect.any(Number) },
    ],
    version: first.body.version,
    dependencies: {},
    kind: 'register',
  });

  const second = await api.putKey(key, 'newer');
  expect(isNewer(second.body.version, first.body.version)).toBe(true);
  expect((await api.key(key)).value).toBe('newer');

  expect((await api.send<KeyWritten>('DELETE', keyPath(key))).status).toBe(200);
  const gone = await api.get(keyPath(key));
  expect(gone.status).toBe(404);
  expect(gone.body).toMatchObject({ type: 'key-not-found', key });

  await api.putKey(key, 'back');
  expect((await api.key(key)).value).toBe('back');
});

test('null is a value, and no value is none', async ({ api, unique }) => {
  const key = unique('null');
  await api.putKey(key, null);
  expect((await api.key(key)).value).toBeNull();
  const empty = await api.send('PUT', keyPath(key), {});
  expect(empty.status).toBe(400);
});

test('keys with a prefix come in order, in pages, each once', async ({ api, unique }) => {
  const prefix = `${unique('page')}/`;
  const keys = Array.from({ length: 25 }, (_, n) => `${prefix}${String(n).padStart(2, '0')}`);
  await Promise.all(keys.toReversed().map((key) => api.putKey(key, 1)));
  await api.putKey(`${prefix.slice(0, -1)}0`, 'beside the prefix');
  await api.send('DELETE', keyPath(keys[7]!));

  const seen: string[] = [];
  const sizes: number[] = [];
  let cursor: string | undefined;
  do {
    const from = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const query = `prefix=${encodeURIComponent(prefix)}&limit=10${from}`;
    const page = (await api.get<KeyPage>(`/api/v1/keys?${query}`)).body;
    sizes.push(page.keys.length);
    seen.push(...page.keys.map(({ key }) => key));
    cursor = page.cursor;
  } while (cursor !== undefined && sizes.length < 10);
  expect(seen).toEqual(keys.filter((_, n) => n !== 7));
  expect(sizes).toEqual([10, 10, 4]);
});

for (const key of [
  '__proto__',
  'constructor',
  'dags/composition',
  'functions/square',
  'dag:composition',
  'with / slashes ? and # signs',
  'grüße 🌩',
  '\u0000',
]) {
  test(`a key called ${JSON.stringify(key)} is a key like any other`, async ({ api, unique }) => {
    const name = unique('reader');
    await api.putFunction(
      name,
      `export default async (key, cloud) => {
        const value = await cloud.get(key)
        await cloud.put(key, [value])
        return value
      }`,
    );
    await api.putKey(key, 'value');
    expect(await api.key(key)).toMatchObject({ key, value: 'value' });
    const answer = await api.invokeFunction(name, { key }, { consistency: 'causal' });
    expect(answer.body.result).toBe('value');
    expect(await api.key(key)).toMatchObject({ key, value: ['value'] });
    const list = await api.get<KeyPage>(`/api/v1/keys?prefix=${encodeURIComponent(key)}`);
    expect(list.body.keys.map((entry) => entry.key)).toContain(key);
    const trace = await api.trace(answer.body.invocation);
    expect(trace.filter((event) => event.key === key).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['cache.read', 'cache.write']),
    );
    await api.send('DELETE', keyPath(key));
    expect((await api.get(keyPath(key))).status).toBe(404);
  });
}

test('topologies, functions and keys of one name do not meet', async ({ api, unique }) => {
  const name = unique('same');
  await api.putFunction(name, 'export default (x) => x + 1');
  await api.putDag(name, { nodes: [{ id: 'a', function: name }], edges: [] });
  await api.putKey(name, 'mine');
  expect((await api.key(name)).value).toBe('mine');
  await api.send('DELETE', keyPath(name));
  expect((await api.get(keyPath(name))).status).toBe(404);
  expect((await api.invokeDag(name, { a: { x: 1 } })).body.result).toBe(2);

  const all = await api.get<KeyPage>(`/api/v1/keys?prefix=${name}`);
  expect(all.body.keys).toEqual([]);
});

test('a key of more than 1,024 characters is refused', async ({ api }) => {
  const answer = await api.putKey('k'.repeat(1_025), 1);
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ type: 'invalid-request' });
  expect((await api.putKey('k'.repeat(1_024), 1)).status).toBe(200);
});
