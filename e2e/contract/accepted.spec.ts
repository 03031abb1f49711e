/**
 * `Prefer: respond-async`: what was answered with 202 runs, takes effect once and can be asked for,
 * also when everything dies in between.
 */
import { ApiClient, type InvocationState } from '../api-client.ts';
import { expect, test } from '../contract-fixture.ts';
import { waitUntil } from '../server-process.ts';

const ADD = `export default async (n, ms = 0, cloud) => {
  await cloud.merge('count', cloud.lattice.counter(n))
  await cloud.recv({ timeoutMs: ms })
  return n
}`;

const accept = async (
  api: ApiClient,
  args: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> => {
  const path = '/api/v1/functions/add/invocations';
  const body = { arguments: args };
  const all = { prefer: 'respond-async', ...headers };
  const answer = await api.send<{ invocation: string }>('POST', path, body, all);
  expect(answer.status).toBe(202);
  return answer.body.invocation;
};

const stateOf = async (api: ApiClient, id: string, waitMs = 0): Promise<InvocationState> =>
  (await api.get<InvocationState>(`/api/v1/invocations/${id}?wait=${waitMs}`)).body;

test('what ran when everything was killed runs again, and takes effect once', async ({
  ownServer,
}) => {
  const api = new ApiClient(ownServer.url);
  await api.putFunction('add', ADD);
  const [plain, named] = [
    await accept(api, { n: 1, ms: 2_000 }),
    await accept(api, { n: 10, ms: 2_000 }, { 'idempotency-key': 'ten' }),
  ];
  const before = await stateOf(api, plain);
  expect(before.status).toBe('running');
  await ownServer.killEverything();
  await ownServer.start();
  expect(await stateOf(api, plain)).toEqual(before);
  expect(await accept(api, { n: 10, ms: 2_000 }, { 'idempotency-key': 'ten' })).toBe(named);
  expect(await stateOf(api, plain, 20_000)).toMatchObject({ status: 'succeeded', result: 1 });
  expect(await stateOf(api, named, 20_000)).toMatchObject({ status: 'succeeded', result: 10 });
  expect((await api.key('count')).value).toBe(11);
});

test('how one has ended is known after a restart', async ({ ownServer }) => {
  const api = new ApiClient(ownServer.url);
  await api.putFunction('add', ADD);
  const ids = [
    await accept(api, { n: 2 }),
    // A counter takes numbers.
    await accept(api, { n: 'two' }),
    await accept(api, { n: 4, ms: 20_000 }),
  ];
  await api.send('DELETE', `/api/v1/invocations/${ids[2]}`);
  const states = () => Promise.all(ids.map((id) => stateOf(api, id, 20_000)));
  const before = await states();
  expect(before.map(({ status }) => status)).toEqual(['succeeded', 'failed', 'cancelled']);
  for (let restarts = 0; restarts < 2; restarts += 1) {
    await ownServer.killEverything();
    await ownServer.start();
    expect(await states()).toEqual(before);
  }
  const listed = await api.get<{ invocations: readonly InvocationState[] }>('/api/v1/invocations');
  expect(listed.body.invocations.map(({ invocation }) => invocation)).toEqual(ids.toReversed());
  expect((await api.key('count')).value).toBe(2);
});

test('killed in the middle of many: whatever was accepted takes effect once', async ({
  ownServer,
}) => {
  const api = new ApiClient(ownServer.url);
  await api.putFunction('add', ADD);
  const accepted: string[] = [];
  let asked = 0;
  const acceptUntilCut = async (): Promise<void> => {
    for (;;) {
      asked += 1;
      const id = await accept(api, { n: 1 }).catch(() => undefined);
      if (id === undefined) return;
      accepted.push(id);
    }
  };
  const clients = Array.from({ length: 20 }, acceptUntilCut);
  await waitUntil('some are accepted', 20_000, () => accepted.length > 100);
  await ownServer.killEverything();
  await Promise.all(clients);
  await ownServer.start();
  const ended = await Promise.all(accepted.map((id) => stateOf(api, id, 20_000)));
  expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(['succeeded']));
  const count = (await api.key('count')).value;
  expect(count).toBeGreaterThanOrEqual(accepted.length);
  expect(count).toBeLessThanOrEqual(asked);
});
