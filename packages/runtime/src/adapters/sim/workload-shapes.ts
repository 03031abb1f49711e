/**
 * What drawn scenarios run on: how many workers, and which DAGs of a function that does what its
 * plan says.
 */
import type { NodeId, WorkerId } from '@stormglass/core';
import type { ScenarioDag } from './scenario.ts';

export interface WorkloadShape {
  readonly workers: readonly WorkerId[];
  /** Every node of every DAG. */
  readonly nodes: readonly NodeId[];
  readonly dags: readonly ScenarioDag[];
  /** Whether arguments name keys of the plans, so that they are read before the function starts. */
  readonly givesReferences: boolean;
}

type Pair = readonly [NodeId, NodeId, string];

const dagOf = (name: string, pairs: readonly Pair[]): ScenarioDag => ({
  name,
  nodes: [...new Set(pairs.flatMap(([from, to]) => [from, to]))]
    .toSorted()
    .map((id) => ({ id, function: 'perform' })),
  edges: pairs.map(([from, to, parameter]) => ({ from, to, parameter })),
});

/** Three functions over two workers. */
export const NARROW: WorkloadShape = {
  workers: ['w1', 'w2'],
  nodes: ['n1', 'n2', 'n3'],
  dags: [
    dagOf('chain', [
      ['n1', 'n2', 'left'],
      ['n2', 'n3', 'left'],
    ]),
    dagOf('fan-in', [
      ['n1', 'n3', 'left'],
      ['n2', 'n3', 'right'],
    ]),
    dagOf('fan-out', [
      ['n1', 'n2', 'left'],
      ['n1', 'n3', 'left'],
    ]),
  ],
  givesReferences: false,
};

/** Four and five functions over three workers: diamonds, several sources and sinks. */
export const WIDE: WorkloadShape = {
  workers: ['w1', 'w2', 'w3'],
  nodes: ['n1', 'n2', 'n3', 'n4', 'n5'],
  dags: [
    dagOf('diamond', [
      ['n1', 'n2', 'left'],
      ['n1', 'n3', 'left'],
      ['n2', 'n4', 'left'],
      ['n3', 'n4', 'right'],
    ]),
    dagOf('two-sources-two-sinks', [
      ['n1', 'n3', 'left'],
      ['n2', 'n3', 'right'],
      ['n2', 'n4', 'left'],
    ]),
    dagOf('three-sinks', [
      ['n1', 'n2', 'left'],
      ['n1', 'n3', 'left'],
      ['n1', 'n4', 'left'],
    ]),
    dagOf('diamond-and-sink', [
      ['n1', 'n3', 'left'],
      ['n2', 'n3', 'right'],
      ['n3', 'n4', 'left'],
      ['n1', 'n5', 'left'],
    ]),
  ],
  givesReferences: true,
};
