/**
 * What a run tells of itself: causes before effects, a miss and then a hit, versions that grow with
 * each write.
 */
import { mainLevels, type DagBody, type StreamEvent } from '../api-client.ts';
import { expect, test } from '../contract-fixture.ts';
import { expectCausalOrder, isNewer } from './causal-order.ts';

const TOUCH = `export default async (key, input = [], cloud) => {
  const before = (await cloud.get(key)) ?? 0
  await cloud.put(key, before + 1)
  return [...input, before]
}`;

const READ = 'export default async (key, cloud) => cloud.get(key)';
const WRITE = 'export default async (key, value, cloud) => { await cloud.put(key, value) }';

for (const consistency of mainLevels) {
  test(`at ${consistency} the events of a diamond stand in causal order`, async ({
    api,
    unique,
  }) => {
    const [touch, join, name, key] = [
      unique('touch'),
      unique('join'),
      unique('diamond'),
      unique('k'),
    ];
    await api.putFunction(touch, TOUCH);
    await api.putFunction(join, 'export default (a, b) => [a, b]');
    const dag: DagBody = {
      nodes: [
        { id: 'top', function: touch },
        { id: 'left', function: touch },
        { id: 'right', function: touch },
        { id: 'end', function: join },
      ],
      edges: [
        { from: 'top', to: 'left', parameter: 'input' },
        { from: 'top', to: 'right', parameter: 'input' },
        { from: 'left', to: 'end', parameter: 'a' },
        { from: 'right', to: 'end', parameter: 'b' },
      ],
    };
    await api.putDag(name, dag);
    const args = { top: { key }, left: { key: `${key}:l` }, right: { key: `${key}:r` } };
    for (let run = 0; run < 5; run += 1) {
      const answer = await api.invokeDag(name, args, { consistency });
      expect(answer.status).toBe(200);
      const events = await api.trace(answer.body.invocation);
      expectCausalOrder(events, dag);
      expect(events.filter(({ kind }) => kind === 'cache.write')).toHaveLength(3);
      for (const event of events.filter(({ kind }) => kind === 'cache.read')) {
        expect(event).toMatchObject({
          invocation: answer.body.invocation,
          worker: expect.any(String),
          executor: expect.any(String),
          rule: expect.any(String),
          because: expect.any(String),
          siblings: expect.any(Number),
          bytes: expect.any(Number),
          durationUs: expect.any(Number),
        });
      }
    }
  });

  test(`at ${consistency} a worker misses a key once and then hits`, async ({ api, unique }) => {
    const [read, key] = [unique('read'), unique('cold')];
    await api.putFunction(read, READ);
    await api.putKey(key, { warm: true });
    const outcomes = new Map<string, (string | undefined)[]>();
    for (let run = 0; run < 4; run += 1) {
      const answer = await api.invokeFunction(read, { key }, { consistency });
      expect(answer.body.result).toEqual({ warm: true });
      const reads = (await api.trace(answer.body.invocation)).filter(
        (event) => event.kind === 'cache.read' && event.key === key,
      );
      expect(reads).toHaveLength(1);
      const { worker = '', outcome } = reads[0]!;
      outcomes.set(worker, [...(outcomes.get(worker) ?? []), outcome]);
    }
    for (const [worker, seen] of outcomes) {
      const expected = seen.map((_, index) => (index === 0 ? 'miss' : 'hit'));
      expect(seen, `reads on ${worker}`).toEqual(expected);
    }
    const cluster = await api.cluster();
    const warm = cluster.workers.filter(({ id }) => outcomes.has(id));
    for (const { cache } of warm) expect(cache.keys).toBeGreaterThan(0);
  });

  test(`at ${consistency} the version vector of a key grows with each write`, async ({
    api,
    unique,
  }) => {
    const [write, key] = [unique('write'), unique('growing')];
    await api.putFunction(write, WRITE);
    let version = (await api.putKey(key, 0)).body.version;
    let session: string | undefined;
    for (const value of [1, 2, 3, 4]) {
      const answer = await api.invokeFunction(write, { key, value }, { consistency, session });
      session = answer.body.session;
      const written = (await api.trace(answer.body.invocation)).find(
        ({ kind }) => kind === 'cache.write',
      );
      expect(written).toMatchObject({ key, node: write });
      const stored = await api.key(key);
      expect(
        stored.version,
        `${JSON.stringify(stored.version)} after ${JSON.stringify(version)}`,
      ).not.toEqual(version);
      expect(isNewer(stored.version, version)).toBe(true);
      ({ version } = stored);
    }
  });
}

test('a reference is a read like any other, and a hint where to run', async ({ api, unique }) => {
  const [name, key] = [unique('size'), unique('ref')];
  await api.putFunction(name, 'export default (value) => value.length');
  await api.putKey(key, 'x'.repeat(1_000));
  const reads: StreamEvent[] = [];
  for (let run = 0; run < 3; run += 1) {
    const answer = await api.invokeFunction(name, { value: { $ref: key } });
    expect(answer.body.result).toBe(1_000);
    const events = await api.trace(answer.body.invocation);
    reads.push(...events.filter((event) => event.kind === 'cache.read' && event.key === key));
  }
  expect(reads.map(({ outcome }) => outcome)).toEqual(['miss', 'hit', 'hit']);
  expect(new Set(reads.map(({ worker }) => worker)).size).toBe(1);
});

test('the session travels with the trigger', async ({ api, unique }) => {
  const [touch, name, key] = [unique('touch'), unique('pair'), unique('carried')];
  await api.putFunction(touch, TOUCH);
  await api.putDag(name, {
    nodes: [
      { id: 'a', function: touch },
      { id: 'b', function: touch },
    ],
    edges: [{ from: 'a', to: 'b', parameter: 'input' }],
  });
  await api.putKey(key, 10);
  const args = { a: { key }, b: { key } };
  const answer = await api.invokeDag(name, args, { consistency: 'repeatable-read' });
  expect(answer.body.result).toEqual([10, 11]);
  const events = await api.trace(answer.body.invocation);
  const triggered = events.find(({ kind }) => kind === 'function.triggered');
  expect(triggered).toMatchObject({ from: 'a', to: 'b', bytes: expect.any(Number) });
  expect(Object.keys(triggered?.['readSet'] ?? {})).toContain(key);
});

test('a second read in one run comes from what the first one brought', async ({ api, unique }) => {
  const [name, key] = [unique('twice'), unique('again')];
  await api.putFunction(
    name,
    'export default async (key, cloud) => [await cloud.get(key), await cloud.get(key)]',
  );
  await api.putKey(key, 'v');
  const answer = await api.invokeFunction(name, { key }, { consistency: 'causal' });
  expect(answer.body.result).toEqual(['v', 'v']);
  const reads = (await api.trace(answer.body.invocation)).filter(
    ({ kind }) => kind === 'cache.read',
  );
  expect(reads.map(({ outcome }) => outcome)).toEqual(['miss', 'hit']);
  expect(reads[1]?.version).toEqual(reads[0]?.version);
});

test('a read says what the cache held when it was asked', async ({ api, unique }) => {
  const [read, key] = [unique('read'), unique('found')];
  await api.putFunction(read, READ);
  const { version } = (await api.putKey(key, 1)).body;
  for (const expected of [
    { outcome: 'miss', found: undefined },
    { outcome: 'hit', found: version },
  ]) {
    const { invocation } = (await api.invokeFunction(read, { key })).body;
    const event = (await api.trace(invocation)).find(({ kind }) => kind === 'cache.read');
    expect({ outcome: event?.outcome, found: event?.['found'] }).toEqual(expected);
  }
});

test('a function that reads without end is answered, and its trace says what it leaves out', async ({
  api,
  unique,
}) => {
  const name = unique('ask');
  await api.putFunction(
    name,
    `export default async (n, cloud) => {
      for (let i = 0; i < n; i += 1) await cloud.get('k' + (i % 10))
      return n
    }`,
  );
  const n = 300_000;
  const answer = await api.invokeFunction(name, { n }, { consistency: 'causal' });
  expect(answer.body).toMatchObject({ result: n, attempts: 1 });
  const events = await api.trace(answer.body.invocation);
  const reads = events.filter(({ kind }) => kind === 'cache.read').length;
  const omitted = events.filter(({ kind }) => kind === 'events.omitted');
  expect(reads).toBeGreaterThan(1_000);
  expect(omitted.at(-1)).toMatchObject({ node: name, reads: n - reads, writes: 0, messages: 0 });
  expect(events.map(({ kind }) => kind)).toContain('invocation.finished');
});
