/**
 * An accepted invocation over a restart of the server, where the cluster tells what it still knows;
 * and one that waits for its turn.
 */
import type { InvocationId } from '@stormglass/core';
import { expect, test, vi } from 'vitest';
import type { InvokeRequest } from '../cluster-port.ts';
import { MemoryCluster } from '../testkit/memory-cluster.ts';
import { makeTestApp, type TestApp } from '../testkit/test-app.ts';
import { acceptedIdentity, AcceptedInvocations } from './accepted-invocations.ts';

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

/** A cluster that takes four invocations at a time, each of which ends when it is told to. */
function fullCluster() {
  const cluster = new MemoryCluster();
  const running = new Map<InvocationId, () => void>();
  cluster.script = ({ invocation }) =>
    new Promise((resolve) => {
      const results = new Map([['add', '2']]);
      const outcome = { ok: true, results, attempts: 1, durationUs: 1, sessionToken: '' } as const;
      running.set(invocation, () => resolve(outcome));
    });
  const accepted = new AcceptedInvocations(cluster, 4);
  const invoke = (invocation: InvocationId, args: InvokeRequest['arguments'] = new Map()) =>
    accepted.invoke({
      invocation,
      target: { function: 'add' },
      arguments: args,
      consistency: 'lww',
      identity: acceptedIdentity(invocation),
      trace: false,
    });
  const accept = async (id: InvocationId, args?: InvokeRequest['arguments']) => {
    const target = { kind: 'function', name: 'add' } as const;
    await accepted.accept({ id, target, startedAtMs: 1, consistency: 'lww' });
    return { ended: invoke(id, args) };
  };
  const end = async (id: InvocationId): Promise<void> => {
    running.get(id)?.();
    running.delete(id);
  };
  return { cluster, accepted, invoke, accept, running, end };
}

test('accepted ones get half of what the cluster takes, and the next in line when one has ended', async () => {
  const { accept, running, end } = fullCluster();
  for (const id of ['a', 'b', 'c', 'd']) await accept(id);
  expect([...running.keys()]).toEqual(['a', 'b']);
  await end('b');
  await vi.waitFor(() => expect([...running.keys()]).toEqual(['a', 'c']));
  await end('a');
  await end('c');
  await vi.waitFor(() => expect([...running.keys()]).toEqual(['d']));
});

test('an accepted one waits while the cluster has as many others as it takes', async () => {
  const { invoke, accept, running, end } = fullCluster();
  for (const id of ['1', '2', '3', '4']) void invoke(id);
  await accept('a');
  expect([...running.keys()]).toEqual(['1', '2', '3', '4']);
  await end('3');
  await vi.waitFor(() => expect([...running.keys()]).toEqual(['1', '2', '4', 'a']));
});

test('one that is cancelled while it waits ends so, for good, and its key is free', async () => {
  const { accepted, accept, running, cluster } = fullCluster();
  const identity = acceptedIdentity('c');
  expect(await cluster.claim(identity, 'c')).toMatchObject({ state: 'new' });
  for (const id of ['a', 'b']) await accept(id);
  const { ended } = await accept('c');
  await accept('d');
  accepted.cancel('c');
  expect(await ended).toMatchObject({ ok: false, failure: { type: 'cancelled' }, attempts: 0 });
  expect([...running.keys()]).toEqual(['a', 'b']);
  expect(await cluster.claim(identity, 'e')).toMatchObject({ state: 'new' });
  const [, , kept] = await new AcceptedInvocations(cluster).load();
  expect(kept).toMatchObject({ id: 'c', answer: { failure: { type: 'cancelled' } } });
});

test('when too much waits, the next is refused and leaves nothing behind', async () => {
  await using server = await makeTestApp();
  await server.send('PUT', '/api/v1/functions/add', { source });
  vi.spyOn(AcceptedInvocations.prototype, 'isFull', 'get').mockReturnValueOnce(true);
  const key = { 'idempotency-key': 'k' };
  const refused = await server.send('POST', path, BODY, { ...LATER, ...key });
  expect(refused.json()).toMatchObject({ status: 503, type: 'overloaded' });
  expect(refused.headers['retry-after']).toBe('1');
  expect((await server.send('GET', '/api/v1/invocations')).json()).toMatchObject({
    invocations: [],
  });
  expect((await server.send('POST', path, BODY, key)).json()).toMatchObject({ result: 2 });
});

test('full is when the arguments of those that wait are large, until they had their turn', async () => {
  const { accepted, accept, end } = fullCluster();
  for (const id of ['a', 'b']) await accept(id);
  const large = { value: 'x'.repeat(128 * 1024 * 1024) };
  const args = new Map([['add', new Map([['x', large]])]]);
  await accept('c', args);
  expect(accepted.isFull).toBe(false);
  const { ended } = await accept('d', args);
  expect(accepted.isFull).toBe(true);
  await end('a');
  await vi.waitFor(() => expect(accepted.isFull).toBe(false));
  accepted.cancel('d');
  await ended;
});
