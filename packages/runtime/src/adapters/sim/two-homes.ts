/**
 * Placement for scenarios that need it: a function whose argument refers to a key that only one
 * worker has cached goes to that worker. `home-w1` is cached by w1 alone, `home-w2` by w2 alone,
 * once the steps of `settleHomes` are done.
 */
import type { Key, NodeId, WorkerId } from '@stormglass/core';
import type { ClientStep, InvokeStep, ScenarioDag, ScenarioFunction } from './scenario.ts';

export const homeOf = (worker: WorkerId): Key => `home-${worker}`;

export const stayHome: ScenarioFunction = {
  name: 'stayHome',
  parameters: ['home'],
  *script() {},
};

/** Sources without an edge: the scheduler spreads them over the idle workers, the first on the first. */
export const stayHomeDagOn = (workers: readonly WorkerId[]): ScenarioDag => ({
  name: 'stayHome',
  nodes: workers.map((_, index) => ({ id: `on${index + 1}`, function: 'stayHome' })),
  edges: [],
});

export const stayHomeDag: ScenarioDag = stayHomeDagOn(['w1', 'w2']);

/** Node → the argument `home` that places it. */
export const placedOn = (
  placement: Readonly<Record<NodeId, WorkerId>>,
): NonNullable<InvokeStep['arguments']> =>
  new Map(
    Object.entries(placement).map(([node, worker]) => [
      node,
      new Map([['home', { ref: homeOf(worker) }]]),
    ]),
  );

/** The wait is for the caches to report what they have. */
export const settleHomesOn = (workers: readonly WorkerId[]): readonly ClientStep[] => [
  ...workers.map((worker): ClientStep => ({ do: 'put', key: homeOf(worker), value: worker })),
  {
    do: 'invoke',
    invocation: 'settle-homes',
    dag: 'stayHome',
    arguments: placedOn(
      Object.fromEntries(workers.map((worker, index) => [`on${index + 1}`, worker])),
    ),
    level: 'lww',
  },
  { do: 'wait', durationMs: 100 },
];

export const settleHomes: readonly ClientStep[] = settleHomesOn(['w1', 'w2']);
