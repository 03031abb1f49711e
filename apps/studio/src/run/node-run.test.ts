import type { EventRecord, RuntimeEvent, VersionVector } from '@stormglass/core';
import { expect, test } from 'vitest';
import { invocationSummaryOf } from './invocation-summary.ts';
import { nodeRunsOf, outcomeCountsOf, reuseUnchanged } from './node-run.ts';

/** Numbers events as the log does. */
const log = (...events: RuntimeEvent[]): EventRecord[] =>
  events.map((event, index) => Object.assign({ seq: index + 1, at: (index + 1) * 100 }, event));

const of = { invocation: 'i1', attempt: 1 };
const onA = { ...of, worker: 'w1', executor: 'w1/e1', node: 'a' };

const started = (attempt = 1, cause?: string): RuntimeEvent => ({
  kind: 'invocation.started',
  invocation: 'i1',
  attempt,
  dag: 'd',
  dagVersion: 3,
  consistency: 'causal',
  schedule: {
    a: { worker: 'w1', executor: 'w1/e1' },
    b: { worker: 'w2', executor: 'w2/e2' },
  },
  cause,
});
const finished = (status: 'succeeded' | 'failed', node?: string): RuntimeEvent => ({
  kind: 'invocation.finished',
  invocation: 'i1',
  status,
  durationUs: 900,
  attempts: 1,
  error: status === 'failed' ? { type: 'timeout', detail: 'took too long', node } : undefined,
});
const read = (key: string, outcome: 'hit' | 'miss', attempt = 1): RuntimeEvent => ({
  kind: 'cache.read',
  ...onA,
  attempt,
  key,
  outcome,
  version: { 'w1.1': 1 },
  siblings: 1,
  rule: outcome === 'hit' ? 'lww/local' : 'lww/store',
  because: 'the cache holds it',
  bytes: 10,
  durationUs: 5,
});
const write: RuntimeEvent = {
  kind: 'cache.write',
  ...onA,
  key: 'x',
  version: { 'w1.1': 2 },
  dependencies: {},
  operation: 'put',
  bytes: 4,
};
const trigger: RuntimeEvent = {
  kind: 'function.triggered',
  ...of,
  worker: 'w1',
  from: 'a',
  to: 'b',
  bytes: 20,
  readSet: {},
  dependencies: {},
};
const startA: RuntimeEvent = {
  kind: 'function.started',
  ...onA,
  function: 'f',
  arguments: { x: '4' },
};
const endA: RuntimeEvent = {
  kind: 'function.finished',
  ...onA,
  function: 'f',
  status: 'succeeded',
  durationUs: 300,
  result: '5',
};

test('the last count of what is left out is the one that stays', () => {
  const omitted = (reads: number): RuntimeEvent => ({
    kind: 'events.omitted',
    ...onA,
    reads,
    writes: 0,
    messages: 0,
  });
  const runs = nodeRunsOf(log(started(), omitted(1), read('k', 'hit'), omitted(290)));
  expect(runs.get('a')?.omitted?.reads).toBe(290);
});

test('a placed node waits where it was placed', () => {
  const run = nodeRunsOf(log(started())).get('b');
  expect(run).toMatchObject({ status: 'waiting', worker: 'w2', executor: 'w2/e2', attempt: 1 });
});

test('a node carries its reads, writes, arguments, result and triggers', () => {
  const runs = nodeRunsOf(
    log(started(), startA, read('k', 'miss'), read('k', 'hit'), write, endA, trigger),
  );
  const a = runs.get('a');
  expect(a).toMatchObject({
    status: 'succeeded',
    function: 'f',
    startedAt: 200,
    durationUs: 300,
    arguments: { x: '4' },
    result: '5',
  });
  expect(a?.reads.map((record) => record.outcome)).toEqual(['miss', 'hit']);
  expect(a?.writes.map((record) => record.version)).toEqual([{ 'w1.1': 2 }]);
  expect(a?.triggers).toHaveLength(1);
  expect(runs.get('b')?.triggeredBy.map((record) => record.from)).toEqual(['a']);
  expect(runs.get('b')?.status).toBe('waiting');
});

test('a new attempt starts clean, and late records of the old one change nothing', () => {
  const runs = nodeRunsOf(
    log(
      started(),
      startA,
      read('k', 'miss'),
      started(2, 'worker w1 crashed'),
      read('old', 'miss', 1),
      read('k', 'hit', 2),
    ),
  );
  const a = runs.get('a');
  expect(a).toMatchObject({ attempt: 2, cause: 'worker w1 crashed', status: 'waiting' });
  expect(a?.reads.map((record) => record.key)).toEqual(['k']);
});

test('when an invocation fails, no node is left running', () => {
  const runs = nodeRunsOf(log(started(), startA, finished('failed', 'a')));
  expect(runs.get('a')).toMatchObject({
    status: 'failed',
    durationUs: 100,
    error: { type: 'timeout', message: 'took too long' },
  });
  expect(runs.get('b')?.status).toBe('skipped');
  const elsewhere = nodeRunsOf(log(started(), startA, finished('failed', 'b')));
  expect(elsewhere.get('a')?.status).toBe('cancelled');
  expect(elsewhere.get('b')?.status).toBe('failed');
});

test('what a run wrote that did not succeed is not committed, but for what it had flushed', () => {
  const put = (key: string, version: VersionVector): RuntimeEvent => ({ ...write, key, version });
  const flushed: RuntimeEvent = {
    kind: 'storage.merged',
    storage: 's1',
    key: 'k',
    incoming: { 'w1.1': 2 },
    after: { 'w1.1': 2, 'w2.1': 7 },
    relation: 'concurrent',
    invocation: 'i1',
  };
  const events = [
    started(),
    put('k', { 'w1.1': 1 }),
    put('k', { 'w1.1': 2 }),
    flushed,
    put('k', { 'w1.1': 3 }),
    put('other', { 'w1.1': 4 }),
  ];
  const uncommitted = (end: RuntimeEvent) => {
    const run = nodeRunsOf(log(...events, end)).get('a');
    return run?.uncommitted && [...run.uncommitted].map(({ version }) => version);
  };
  expect(uncommitted(finished('failed', 'b'))).toEqual([{ 'w1.1': 3 }, { 'w1.1': 4 }]);
  expect(uncommitted(finished('succeeded'))).toBeUndefined();
});

test('every prefix of the records gives a state, and unchanged nodes keep their object', () => {
  const records = log(started(), startA, read('k', 'hit'), endA, trigger, finished('succeeded'));
  let before = nodeRunsOf([]);
  for (let length = 1; length <= records.length; length += 1) {
    const after = reuseUnchanged(before, nodeRunsOf(records.slice(0, length)));
    if (length === 3) expect(after.get('b')).toBe(before.get('b'));
    if (length === 3) expect(after.get('a')).not.toBe(before.get('a'));
    if (length === records.length) expect(after).toBe(before);
    before = after;
  }
  expect(before.size).toBe(2);
});

test('a node named __proto__ is a node', () => {
  const schedule = JSON.parse('{"__proto__": {"worker": "w1", "executor": "w1/e1"}}') as Record<
    string,
    { worker: string; executor: string }
  >;
  const event = started();
  const runs = nodeRunsOf(
    log(event.kind === 'invocation.started' ? { ...event, schedule } : event),
  );
  expect(runs.get('__proto__')?.worker).toBe('w1');
});

test('the summary keeps the first start and tells the newest attempt', () => {
  expect(invocationSummaryOf(log(startA))).toBeUndefined();
  expect(
    invocationSummaryOf(log(started(), started(2, 'crash'), finished('succeeded'))),
  ).toMatchObject({
    invocation: 'i1',
    dag: 'd',
    dagVersion: 3,
    consistency: 'causal',
    status: 'succeeded',
    attempt: 2,
    cause: 'crash',
    startedAt: 100,
    durationUs: 900,
  });
});

test('outcomes are counted over all nodes, of the newest attempt', () => {
  const first = log(started(), read('k', 'miss'), read('k', 'hit'), read('l', 'hit'), write);
  expect(outcomeCountsOf(nodeRunsOf(first).values())).toEqual({
    hit: 2,
    miss: 1,
    upstream: 0,
    write: 1,
  });
  const second = log(started(), read('k', 'miss'), started(2, 'crash'), read('k', 'hit', 2));
  expect(outcomeCountsOf(nodeRunsOf(second).values())).toEqual({
    hit: 1,
    miss: 0,
    upstream: 0,
    write: 0,
  });
});
