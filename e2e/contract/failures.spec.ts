/**
 * Processes that die: a worker in the middle of a DAG, the server, everything at once.
 */
import { ApiClient, type StreamEvent } from '../api-client.ts';
import { expect, test } from '../contract-fixture.ts';
import { isAlive, waitUntil } from '../server-process.ts';

const SLOW = `export default async (key, ms, before = 0, cloud) => {
  await cloud.merge(key, cloud.lattice.counter(1))
  await cloud.recv({ timeoutMs: ms })
  return before + 1
}`;

const BUSY_MS = 3_500;

test('a function that computes for seconds, or asks its cache without end, runs once', async ({
  ownServer,
}) => {
  const api = new ApiClient(ownServer.url);
  const until = (act: string): string => `export default async (ms, cloud) => {
    const end = Date.now() + ms
    while (Date.now() < end) ${act}
    return 'done'
  }`;
  await api.putFunction('compute', until(';'));
  await api.putFunction('ask', until("await cloud.get('k')"));
  // Without a trace: some hundred thousand reads are too many to tell of each.
  const options = { consistency: 'causal', trace: 'off' } as const;
  const ask = (name: string, ms: number) => api.invokeFunction(name, { ms }, options);
  for (const name of ['compute', 'ask']) {
    // The second one comes without warning: the last call took no time.
    await ask(name, 0);
    expect((await ask(name, BUSY_MS)).body).toMatchObject({ result: 'done', attempts: 1 });
  }
});

test('a worker is killed in the middle of a DAG: it runs again, and takes effect once', async ({
  ownServer,
}) => {
  const api = new ApiClient(ownServer.url);
  await api.putFunction('slow', SLOW);
  await api.putDag('chain', {
    nodes: [
      { id: 'a', function: 'slow' },
      { id: 'b', function: 'slow' },
    ],
    edges: [{ from: 'a', to: 'b', parameter: 'before' }],
  });
  const args = { a: { key: 'count', ms: 10 }, b: { key: 'count', ms: 1_500 } };
  const invocation = await api.startDag('chain', args, { consistency: 'causal' });

  let running: StreamEvent | undefined;
  await waitUntil('b runs', 10_000, async () => {
    running = (await api.trace(invocation)).find(
      ({ kind, node }) => kind === 'function.started' && node === 'b',
    );
    return running !== undefined;
  });
  const worker = running?.worker ?? '';
  const pid = (await api.cluster()).workers.find(({ id }) => id === worker)!.pid;
  const killed = await api.send('POST', `/api/v1/cluster/workers/${worker}/kill`);
  expect(killed.status).toBe(202);

  const end = await api.awaitInvocation(invocation);
  expect(end).toMatchObject({ status: 'succeeded', result: 2 });
  expect(end.attempts).toBeGreaterThanOrEqual(2);
  expect(isAlive(pid)).toBe(false);
  expect((await api.key('count')).value).toBe(2);

  const events = await api.trace(invocation);
  const starts = events.filter(({ kind }) => kind === 'invocation.started');
  expect(starts.map(({ attempt }) => attempt)).toEqual(starts.map((_, index) => index + 1));
  expect(events.filter(({ kind }) => kind === 'invocation.finished')).toHaveLength(1);

  await waitUntil('the worker is replaced', 15_000, async () => {
    const { workers } = await api.cluster();
    return workers.filter(({ state }) => state === 'running').length === 2;
  });
  expect((await api.cluster()).workers.map((entry) => entry.pid)).not.toContain(pid);
});

test('a worker killed from outside is noticed and replaced', async ({ ownServer }) => {
  const api = new ApiClient(ownServer.url);
  await api.putFunction('id', 'export default (x) => x');
  const [victim] = (await api.cluster()).workers;
  process.kill(victim!.pid, 'SIGKILL');
  await waitUntil('the worker is replaced', 15_000, async () => {
    const { workers } = await api.cluster();
    const running = workers.filter(({ state }) => state === 'running');
    return running.length === 2 && running.every(({ pid }) => pid !== victim!.pid);
  });
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, x) => api.invokeFunction('id', { x })),
  );
  expect(answers.map(({ body }) => body.result)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test('a worker is added and drained', async ({ ownServer }) => {
  const api = new ApiClient(ownServer.url);
  const added = await api.send<{ readonly id: string }>('POST', '/api/v1/cluster/workers');
  expect(added.status).toBe(201);
  const { id } = added.body;
  const stateOf = async () => (await api.cluster()).workers.find((entry) => entry.id === id)?.state;
  await expect.poll(stateOf, { timeout: 15_000 }).toBe('running');
  expect((await api.send('DELETE', `/api/v1/cluster/workers/${id}`)).status).toBe(202);
  await expect.poll(stateOf, { timeout: 15_000 }).toBeUndefined();
});

test('what was acknowledged survives the death of every process', async ({ ownServer }) => {
  const api = new ApiClient(ownServer.url);
  await api.putFunction(
    'keep',
    `export default async (key, value, cloud) => {
      await cloud.get(key)
      await cloud.put(key, value)
      return value
    }`,
  );
  await api.putFunction(
    'add',
    'export default async (key, n, cloud) => { await cloud.merge(key, cloud.lattice.counter(n)) }',
  );
  const dag = { nodes: [{ id: 'a', function: 'keep' }], edges: [], layout: { a: { x: 8, y: 16 } } };
  await api.putDag('keeper', dag);
  await api.putKey('deleted', 1);
  await api.send('DELETE', '/api/v1/keys/deleted');
  const writes = Array.from({ length: 20 }, (_, n) => api.putKey(`http:${n}`, { n }));
  await Promise.all(writes);
  let session: string | undefined;
  for (const consistency of ['lww', 'causal'] as const) {
    const args = { a: { key: consistency, value: 'kept' } };
    ({ session } = (await api.invokeDag('keeper', args, { consistency })).body);
    await api.invokeFunction('add', { key: 'sum', n: 21 }, { consistency });
  }
  const versions = await Promise.all(['lww', 'causal', 'sum', 'http:7'].map((key) => api.key(key)));
  // The moment the last answer is here, everything ends without a warning.
  expect((await api.putKey('last', 'words')).status).toBe(200);
  await ownServer.killEverything();

  await ownServer.start();
  expect((await api.key('last')).value).toBe('words');
  for (const before of versions) expect(await api.key(before.key)).toEqual(before);
  expect((await api.key('sum')).value).toBe(42);
  for (let n = 0; n < 20; n += 1) expect((await api.key(`http:${n}`)).value).toEqual({ n });
  expect((await api.get('/api/v1/keys/deleted')).status).toBe(404);

  expect((await api.get('/api/v1/dags/keeper')).body).toMatchObject(dag);
  const args = { a: { key: 'causal', value: 'again' } };
  const answer = await api.invokeDag('keeper', args, { consistency: 'causal', session });
  expect(answer.body.result).toBe('again');
  expect(await api.key('causal')).toMatchObject({ value: 'again', siblings: [{ value: 'again' }] });
});

test('no worker outlives the server', async ({ ownServer }) => {
  const api = new ApiClient(ownServer.url);
  await api.putFunction('busy', 'export default () => { for (;;) {} }', { timeoutMs: 60_000 });
  await api.startFunction('busy', {}, { timeoutMs: 60_000 });
  const reported = (await api.cluster()).workers.map(({ pid }) => pid);
  expect(reported).toHaveLength(2);
  const pids = [...new Set([...reported, ...ownServer.processes()])];
  ownServer.signal('SIGKILL');
  await waitUntil('every process has ended', 2_000, () => !pids.some(isAlive));
  expect(pids.filter(isAlive)).toEqual([]);
});

test('asked to end, it ends with everything that it started', async ({ ownServer }) => {
  const api = new ApiClient(ownServer.url);
  await api.putKey('k', 1);
  const pids = ownServer.processes();
  ownServer.signal('SIGINT');
  await waitUntil('every process has ended', 10_000, () => !pids.some(isAlive));
  await ownServer.start();
  expect((await api.key('k')).value).toBe(1);
});
