import type { ClusterView, InvocationStatus, InvocationView } from '@stormglass/core';
import { expect, test } from 'vitest';
import { earlierInvocationsOf } from './earlier-invocations.ts';
import type { InvocationSummary } from './invocation-summary.ts';
import { runFailureOf } from './run-failure.ts';
import { sinkResultsOf } from './sink-results.ts';
import { nodeRunsOf } from './node-run.ts';

const listed = (invocation: string, minute: number, dag = 'd'): InvocationStatus => ({
  invocation,
  dag,
  status: 'succeeded',
  consistency: 'lww',
  startedAt: `2026-11-23T10:0${minute}:00Z`,
  durationMs: 1.5,
  attempts: 1,
});
const streamed = (invocation: string, startedAt: number, dag = 'd'): InvocationView => ({
  invocation,
  dag,
  consistency: 'causal',
  status: 'running',
  attempt: 2,
  startedAt,
  nodes: {
    a: { status: 'running', hits: 2, misses: 1, upstream: 0, writes: 0 },
    b: { status: 'waiting', hits: 1, misses: 0, upstream: 4, writes: 0 },
  },
});
const view = (...invocations: InvocationView[]): ClusterView => ({
  workers: {},
  storages: {},
  invocations,
});
const clusterStartMs = Date.parse('2026-11-23T10:00:00Z');

test('what the stream knows already stands above the list, other DAGs are left out', () => {
  const entries = earlierInvocationsOf(
    'd',
    [listed('i2', 2), listed('other', 2, 'e'), listed('i1', 1)],
    view(streamed('i3', 240_000_000), streamed('else', 1, 'e')),
    clusterStartMs,
  );
  expect(entries.map(({ invocation }) => invocation)).toEqual(['i3', 'i2', 'i1']);
  expect(entries[0]).toMatchObject({
    status: 'running',
    attempts: 2,
    startedAtMs: clusterStartMs + 240_000,
    reads: { hits: 3, misses: 1, upstream: 4 },
  });
  expect(entries[1]).toMatchObject({ durationUs: 1_500, reads: undefined });
});

test('an invocation in both is told once, with the newer state', () => {
  const entries = earlierInvocationsOf(
    'd',
    [listed('i1', 1)],
    view({ ...streamed('i1', 60_000_000), status: 'failed', durationUs: 7 }),
    clusterStartMs,
  );
  expect(entries).toHaveLength(1);
  expect(entries[0]).toMatchObject({ status: 'failed', durationUs: 7, attempts: 2 });
});

const nodes = nodeRunsOf([
  {
    seq: 1,
    at: 1,
    kind: 'function.finished',
    invocation: 'i',
    attempt: 1,
    node: 'sq',
    worker: 'w1',
    function: 'square',
    status: 'succeeded',
    durationUs: 1,
    result: '25',
  },
]);

test('a sink shows its preview until the whole value is there', () => {
  expect(sinkResultsOf(undefined, nodes)).toEqual([{ node: 'sq', text: '25', isPreview: true }]);
  expect(sinkResultsOf({ ...listed('i', 1), result: { a: 1 } }, nodes)).toEqual([
    { node: 'sq', text: '{\n  "a": 1\n}', isPreview: false },
  ]);
  expect(sinkResultsOf(listed('i', 1), nodes)).toEqual([
    { node: 'sq', text: undefined, isPreview: false },
  ]);
  expect(
    sinkResultsOf({ ...listed('i', 1), results: { a: 1, b: null } }, nodes).map(({ text }) => text),
  ).toEqual(['1', 'null']);
});

const summary: InvocationSummary = {
  invocation: 'i',
  dag: 'd',
  dagVersion: 1,
  consistency: 'lww',
  status: 'failed',
  attempt: 1,
  startedAt: 1,
  error: { type: 'function-failed', detail: 'sq threw' },
};

test('a failure points into the source of the node that threw', () => {
  const failed = nodeRunsOf([
    {
      seq: 1,
      at: 1,
      kind: 'function.finished',
      invocation: 'i',
      attempt: 1,
      node: 'sq',
      worker: 'w1',
      function: 'square',
      status: 'failed',
      durationUs: 1,
      error: { type: 'function-failed', name: 'TypeError', message: 'no', line: 3, column: 7 },
    },
  ]);
  expect(runFailureOf(summary, undefined, failed)).toMatchObject({
    type: 'function-failed',
    node: 'sq',
    function: 'square',
    thrown: { name: 'TypeError', message: 'no' },
    line: 3,
    column: 7,
  });
});

test('a failure without a trace says as much as its problem does', () => {
  const error = { name: 'Error', message: 'no weather', stack: 'Error: no weather', line: 2 };
  const problem = { type: 'function-failed', title: 't', status: 422, detail: 'sq threw' };
  expect(
    runFailureOf(
      undefined,
      {
        ...listed('i', 1),
        status: 'failed',
        error: { ...problem, node: 'sq', function: 'f', error },
      },
      new Map(),
    ),
  ).toMatchObject({
    node: 'sq',
    function: 'f',
    thrown: { name: 'Error', message: 'no weather' },
    line: 2,
  });
});

test('a failure of the run itself has no thrower, and a success has no failure', () => {
  const timeout = { ...summary, error: { type: 'timeout', detail: 'took too long', node: 'sq' } };
  expect(runFailureOf(timeout, undefined, nodes)).toMatchObject({
    type: 'timeout',
    detail: 'took too long',
    node: 'sq',
    thrown: undefined,
  });
  expect(runFailureOf({ ...summary, status: 'succeeded' }, undefined, nodes)).toBeUndefined();
  const error = { type: 'cancelled', title: 't', status: 409, detail: 'cancelled' };
  const cancelled: InvocationStatus = { ...listed('i', 1), status: 'cancelled', error };
  expect(runFailureOf({ ...summary, status: 'cancelled' }, cancelled, nodes)).toBeUndefined();
});
