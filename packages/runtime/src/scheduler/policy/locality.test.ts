import type { Key, NodeId } from '@stormglass/core';
import { expect, test } from 'vitest';
import { Fleet } from '../fleet.ts';
import { placeByLocality, type PlacementRequest } from './locality.ts';

const fleetOf = (...workers: string[]): Fleet => {
  const fleet = new Fleet();
  for (const worker of workers) fleet.join(worker, [`${worker}/e1`, `${worker}/e2`]);
  return fleet;
};

const dag = (
  edges: readonly (readonly [NodeId, NodeId])[],
  nodes: readonly NodeId[],
  keys: ReadonlyMap<NodeId, readonly Key[]> = new Map(),
): PlacementRequest => ({
  nodes: nodes.map((id) => ({ id, function: id })),
  edges: edges.map(([from, to]) => ({ from, to, parameter: 'x' })),
  order: nodes,
  keysOf: (node) => keys.get(node) ?? [],
  nowUs: 0,
});

const executors = (request: PlacementRequest, fleet: Fleet): string[] =>
  [...placeByLocality(request, fleet)!.values()].map(({ executor }) => executor);

test('[SCHED1] a chain stays on one executor, and comes back to it', () => {
  const fleet = fleetOf('w1', 'w2');
  const chain = dag(
    [
      ['a', 'b'],
      ['b', 'c'],
    ],
    ['a', 'b', 'c'],
  );
  expect(new Set(executors(chain, fleet)).size).toBe(1);
  expect(executors(chain, fleet)).toEqual(executors(chain, fleet));
});

test('[SCHED1] branches spread over workers', () => {
  const schedule = placeByLocality(dag([], ['a', 'b']), fleetOf('w1', 'w2'))!;
  expect(new Set([...schedule.values()].map(({ worker }) => worker))).toEqual(
    new Set(['w1', 'w2']),
  );
});

test('[SCHED1] a warm executor is taken before a cold one that is equal otherwise', () => {
  const fleet = fleetOf('w1', 'w2');
  fleet.executor('w2/e2')!.warm.add('a');
  expect(executors(dag([], ['a']), fleet)).toEqual(['w2/e2']);
});

test('[SCHED2] a node goes where the keys of its arguments are cached', () => {
  const fleet = fleetOf('w1', 'w2');
  for (const key of ['k1', 'k2']) fleet.worker('w2')!.keys.add(key);
  fleet.worker('w1')!.keys.add('k1');
  const request = dag([], ['a'], new Map([['a', ['k1', 'k2']]]));
  expect(executors(request, fleet)[0]).toMatch(/^w2\//);
});

test('[SCHED2] a busy executor does not draw further nodes by its keys', () => {
  const fleet = fleetOf('w1', 'w2');
  fleet.worker('w2')!.keys.add('k');
  for (const executor of ['w2/e1', 'w2/e2']) fleet.executor(executor)!.load = 100;
  expect(executors(dag([], ['a'], new Map([['a', ['k']]])), fleet)[0]).toMatch(/^w1\//);
});

test('[SCHED2] all executors busy still means a place, and a draining worker none', () => {
  const fleet = fleetOf('w1', 'w2');
  for (const { id } of fleet.candidates()) fleet.executor(id)!.load = 1_000;
  fleet.drain('w1');
  expect(executors(dag([], ['a']), fleet)[0]).toMatch(/^w2\//);
  fleet.drain('w2');
  expect(placeByLocality(dag([], ['a']), fleet)).toBeUndefined();
});
