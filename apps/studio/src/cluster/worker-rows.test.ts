import type { ClusterStatus, ClusterView } from '@stormglass/core';
import { expect, test } from 'vitest';
import { workerRowsOf } from './worker-rows.ts';

const cache = { keys: 12, bytes: 900, pinned: 0, hits: 9, misses: 1, upstream: 0 };
const status: ClusterStatus = {
  startedAt: '2026-11-23T10:00:00Z',
  workers: ['w2', 'w10', 'w1'].map((id) => ({
    id,
    pid: 1,
    incarnation: 1,
    state: 'running',
    jailed: true,
    executors: [
      { id: `${id}/e1`, state: 'idle', calls: 0, utilisation: 0, pinnedFunctions: [] },
      { id: `${id}/e2`, state: 'busy', calls: 1, utilisation: 1, pinnedFunctions: [] },
    ],
    cache,
  })),
  storage: [],
  schedulers: [],
};
const worker = (id: string, state: 'running' | 'crashed' | 'left' = 'running') => ({
  id,
  status: state,
  hits: 0,
  misses: 0,
  upstream: 0,
  running: [],
});
const view: ClusterView = {
  workers: { w1: worker('w1'), w2: worker('w2', 'crashed'), w3: worker('w3', 'left') },
  storages: {},
  invocations: [
    {
      invocation: 'i1',
      dag: 'd',
      consistency: 'lww',
      status: 'running',
      attempt: 1,
      startedAt: 1,
      nodes: {
        a: {
          worker: 'w1',
          executor: 'w1/e1',
          status: 'running',
          hits: 0,
          misses: 0,
          upstream: 0,
          writes: 0,
        },
      },
    },
  ],
};

test('workers come in counting order, and the ones that left are gone', () => {
  expect(workerRowsOf(status, view).map(({ id }) => id)).toEqual(['w1', 'w2', 'w10']);
});

test('the stream is ahead of the report: a crash and a running node show at once', () => {
  const rows = workerRowsOf(status, view);
  expect(rows[0]?.executors).toEqual([
    { id: 'w1/e1', isBusy: true, running: ['a'] },
    { id: 'w1/e2', isBusy: true, running: [] },
  ]);
  expect(rows[1]?.state).toBe('crashed');
});

test('the hit rate counts every read', () => {
  expect(workerRowsOf(status, view)[0]).toMatchObject({ hitRate: 0.9, reads: 10, keys: 12 });
  expect(workerRowsOf(undefined, view)[0]).toMatchObject({ hitRate: undefined, reads: 0 });
});
