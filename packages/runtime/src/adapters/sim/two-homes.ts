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

/**
 * Two sources without an edge: the scheduler spreads them over the two idle workers, the first on
 * the first.
 */
export const stayHomeDag: ScenarioDag = {
  name: 'stayHome',
  nodes: [
    { id: 'on1', function: 'stayHome' },
    { id: 'on2', function: 'stayHome' },
  ],
  edges: [],
};

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
export const settleHomes: readonly ClientStep[] = [
  { do: 'put', key: homeOf('w1'), value: 'w1' },
  { do: 'put', key: homeOf('w2'), value: 'w2' },
  {
    do: 'invoke',
    invocation: 'settle-homes',
    dag: 'stayHome',
    arguments: placedOn({ on1: 'w1', on2: 'w2' }),
    level: 'lww',
  },
  { do: 'wait', durationMs: 100 },
];
