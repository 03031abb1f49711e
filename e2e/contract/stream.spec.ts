/**
 * The live stream: filters, resuming, and what is said to a viewer who asks for something that does
 * not exist.
 */
import type { DagBody } from '../api-client.ts';
import { expect, test } from '../contract-fixture.ts';
import { EventStream } from '../event-stream.ts';
import { expectCausalOrder } from './causal-order.ts';

const COUNT = `export default async (key, input = 0, cloud) => {
  const n = ((await cloud.get(key)) ?? 0) + 1
  await cloud.put(key, n)
  return input + n
}`;

test('what happens arrives as it stands in the trace', async ({ api, unique, server }) => {
  const [count, name, key] = [unique('count'), unique('chain'), unique('streamed')];
  await api.putFunction(count, COUNT);
  const dag: DagBody = {
    nodes: [
      { id: 'a', function: count },
      { id: 'b', function: count },
    ],
    edges: [{ from: 'a', to: 'b', parameter: 'input' }],
  };
  await api.putDag(name, dag);
  using stream = await EventStream.open(server.url);
  stream.subscribe();
  const answer = await api.invokeDag(name, { a: { key }, b: { key } }, { consistency: 'causal' });
  const { invocation } = answer.body;
  await stream.untilEvent(
    'the end of the invocation',
    (event) => event.kind === 'invocation.finished' && event.invocation === invocation,
  );
  const seen = stream.events.filter((event) => event.invocation === invocation);
  expectCausalOrder(seen, dag);
  const traced = await api.trace(invocation);
  expect(traced.slice(0, seen.length)).toEqual(seen);

  const started = seen[0];
  expect(started).toMatchObject({
    kind: 'invocation.started',
    dag: name,
    consistency: 'causal',
    attempt: 1,
  });
  const schedule = started?.['schedule'] as Record<string, { worker: string; executor: string }>;
  for (const node of ['a', 'b']) {
    const ran = seen.find((event) => event.kind === 'function.started' && event.node === node);
    expect(ran).toMatchObject(schedule[node]!);
  }
  expect(seen.find(({ kind }) => kind === 'invocation.finished')).toMatchObject({
    status: 'succeeded',
    attempts: 1,
    durationUs: expect.any(Number),
  });
});

test('a subscription to one invocation, or to some kinds, gets nothing else', async ({
  api,
  unique,
  server,
}) => {
  const [count, key] = [unique('count'), unique('filtered')];
  await api.putFunction(count, COUNT);
  const first = (await api.invokeFunction(count, { key })).body.invocation;
  using one = await EventStream.open(server.url);
  one.subscribe({ invocation: first, since: 0 });
  using writes = await EventStream.open(server.url);
  writes.subscribe({ kinds: ['cache.write', 'invocation.finished'] });
  const second = (await api.invokeFunction(count, { key })).body.invocation;

  await one.untilEvent('the end of the first', ({ kind }) => kind === 'invocation.finished');
  await writes.untilEvent(
    'the end of the second',
    (event) => event.kind === 'invocation.finished' && event.invocation === second,
  );
  expect(new Set(one.events.map(({ invocation }) => invocation))).toEqual(new Set([first]));
  const kinds = writes.events
    .filter(({ invocation }) => invocation === second)
    .map(({ kind }) => kind);
  expect(kinds).toEqual(['cache.write', 'invocation.finished']);
  expect(
    writes.events.every(({ kind }) => ['cache.write', 'invocation.finished'].includes(kind)),
  ).toBe(true);
});

test('since resumes without a hole and without a repetition', async ({ api, unique, server }) => {
  const [count, key] = [unique('count'), unique('resumed')];
  await api.putFunction(count, COUNT);
  const stream = await EventStream.open(server.url);
  stream.subscribe({ since: 0 });
  const first = (await api.invokeFunction(count, { key })).body.invocation;
  const ended = (invocation: string) => (event: { kind: string; invocation?: string }) =>
    event.kind === 'invocation.finished' && event.invocation === invocation;
  await stream.untilEvent('the end of the first', ended(first));
  stream.close();
  const seen = [...stream.events];
  const lastSeq = seen.at(-1)!.seq;

  const missed = (await api.invokeFunction(count, { key })).body.invocation;
  using again = await EventStream.open(server.url);
  expect(again.helloSeq).toBeGreaterThan(lastSeq);
  again.subscribe({ since: lastSeq });
  await again.untilEvent('the end of what was missed', ended(missed));
  const all = [...seen, ...again.events].map(({ seq }) => seq);
  expect(again.events[0]?.seq).toBe(lastSeq + 1);
  expect(all).toEqual(all.map((_, index) => all[0]! + index));
});

test('a second subscription replaces the first', async ({ api, unique, server }) => {
  const count = unique('count');
  await api.putFunction(count, COUNT);
  using stream = await EventStream.open(server.url);
  stream.subscribe({ kinds: ['log'] });
  stream.subscribe({ kinds: ['invocation.started'] });
  const { invocation } = (await api.invokeFunction(count, { key: unique('k') })).body;
  await stream.untilEvent(
    'the start',
    (event) => event.kind === 'invocation.started' && event.invocation === invocation,
  );
  expect(new Set(stream.events.map(({ kind }) => kind))).toEqual(new Set(['invocation.started']));
});

for (const [what, text] of [
  ['an unknown kind', '{"type":"subscribe","kinds":["cache.read","cache.exploded"]}'],
  ['an unknown type', '{"type":"follow"}'],
  ['an unknown field', '{"type":"subscribe","invocations":["a"]}'],
  ['a number that is none', '{"type":"subscribe","since":-1}'],
  ['no JSON', 'hello?'],
] as const) {
  test(`${what} is refused, and the subscription goes on`, async ({ api, unique, server }) => {
    const count = unique('count');
    await api.putFunction(count, COUNT);
    using stream = await EventStream.open(server.url);
    stream.subscribe({ kinds: ['invocation.finished'] });
    stream.say(text);
    await stream.until('the refusal', ({ problems }) => problems.length > 0);
    expect(stream.problems[0]).toMatchObject({
      type: expect.stringMatching(/^(?:invalid-request|malformed-json)$/u),
      status: 400,
      title: expect.any(String),
      detail: expect.any(String),
    });
    const { invocation } = (await api.invokeFunction(count, { key: unique('k') })).body;
    await stream.untilEvent('the end', (event) => event.invocation === invocation);
  });
}

test('an unknown kind is named in the refusal', async ({ server }) => {
  using stream = await EventStream.open(server.url);
  stream.subscribe({ kinds: ['cache.exploded'] });
  await stream.until('the refusal', ({ problems }) => problems.length > 0);
  expect(JSON.stringify(stream.problems[0])).toContain('cache.exploded');
});

test('a write is merged into storage, and a newer one dominates it', async ({
  api,
  unique,
  server,
}) => {
  const key = unique('merged');
  using stream = await EventStream.open(server.url);
  stream.subscribe({ kinds: ['storage.merged'] });
  await api.putKey(key, 1);
  await api.putKey(key, 2);
  await stream.until(
    'both merges',
    ({ events }) => events.filter((event) => event.key === key).length >= 2,
  );
  const merges = stream.events.filter((event) => event.key === key);
  expect(merges.map(({ relation }) => relation)).toEqual(['new', 'dominates']);
  expect(merges[1]?.before).toEqual(merges[0]?.['after']);
  expect((await api.key(key)).version).toEqual(merges[1]?.['after']);
});
