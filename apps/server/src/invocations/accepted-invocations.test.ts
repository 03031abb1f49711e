/**
 * An accepted invocation over a restart of the server, where the cluster tells what it still knows.
 */
import { expect, test } from 'vitest';
import type { InvokeRequest } from '../cluster-port.ts';
import { MemoryCluster } from '../testkit/memory-cluster.ts';
import { makeTestApp, type TestApp } from '../testkit/test-app.ts';

const path = '/api/v1/functions/add/invocations';
const LATER = { prefer: 'respond-async' };
const BODY = { arguments: { x: 1 } };
const source = 'export default (x) => x + 1';

const statusOf = async ({ send }: TestApp, id: string) =>
  (await send('GET', `/api/v1/invocations/${id}?wait=5000`)).json();

/** A cluster that runs what it is asked to and never answers, as one that dies does. */
async function killedAfterAccepting(): Promise<{ cluster: MemoryCluster; id: string }> {
  await using server = await makeTestApp();
  server.cluster.script = () => new Promise(() => undefined);
  await server.send('PUT', '/api/v1/functions/add', { source });
  const accepted = await server.send('POST', path, BODY, LATER);
  expect(accepted.statusCode).toBe(202);
  return { cluster: server.cluster, id: accepted.json().invocation };
}

/** The next process: what was durable, and nothing else. */
function nextProcess(before: MemoryCluster): MemoryCluster {
  const next = new MemoryCluster();
  Object.assign(next, { ownStore: before.ownStore });
  return next;
}

const succeeded = (asked: InvokeRequest[]) => async (request: InvokeRequest) => {
  asked.push(request);
  const results = new Map([['add', '2']]);
  return { ok: true, results, attempts: 1, durationUs: 7_000, sessionToken: 't' } as const;
};

test('one that had not ended is run again as it was asked for, and only by one server', async () => {
  const { cluster, id } = await killedAfterAccepting();
  const asked: InvokeRequest[] = [];
  const second = nextProcess(cluster);
  second.script = succeeded(asked);
  await using server = await makeTestApp({ cluster: second });
  expect(await statusOf(server, id)).toMatchObject({
    status: 'succeeded',
    result: 2,
    durationMs: 7,
  });
  expect(asked).toMatchObject([{ invocation: id, target: { function: 'add' }, trace: true }]);
  expect(asked[0]?.arguments).toEqual(new Map([['add', new Map([['x', { value: '1' }]])]]));

  const third = nextProcess(second);
  third.script = succeeded(asked);
  await using last = await makeTestApp({ cluster: third });
  expect(await statusOf(last, id)).toMatchObject({ status: 'succeeded' });
  expect(asked).toHaveLength(1);
});

test('one whose effects are durable is not run again', async () => {
  const { cluster, id } = await killedAfterAccepting();
  const second = nextProcess(cluster);
  const asked: InvokeRequest[] = [];
  second.script = succeeded(asked);
  const answer = {
    invocation: id,
    consistency: 'lww',
    attempts: 1,
    durationUs: 9_000,
    results: new Map([['add', '2']]),
    sessionToken: '',
  } as const;
  Object.assign(second, { claim: async () => ({ state: 'answered', answer }) });
  await using server = await makeTestApp({ cluster: second });
  expect(await statusOf(server, id)).toMatchObject({
    status: 'succeeded',
    result: 2,
    durationMs: 9,
  });
  expect(asked).toEqual([]);
});

test('what cannot be kept is not accepted', async () => {
  const cluster = new MemoryCluster();
  const full = async () => {
    throw new Error('no space left on device');
  };
  Object.assign(cluster, { ownStore: { ...cluster.ownStore, save: full } });
  await using server = await makeTestApp({ cluster });
  await server.send('PUT', '/api/v1/functions/add', { source });
  const key = { 'idempotency-key': 'k' };
  const refused = await server.send('POST', path, BODY, { ...LATER, ...key });
  expect(refused.json()).toMatchObject({ status: 500, type: 'internal' });
  // The key is free: nobody waits for what was not accepted.
  expect((await server.send('POST', path, BODY, key)).json()).toMatchObject({ result: 2 });
});
