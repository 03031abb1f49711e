/**
 * The workload of Cloudburst's published evaluation of consistency (protocols.md 4.1, E5), drawn
 * from a seed: random DAGs over a million keys, closed-loop clients, and a cluster whose service
 * times let executions overlap. Keys are not preloaded: a key that nobody has written is absent,
 * and absence is its initial version.
 */
import { must, type ConsistencyLevel, type Key, type NodeId } from '@stormglass/core';
import { drawInteger, drawOne } from '../../adapters/sim/draws.ts';
import {
  CALM_SCENARIO,
  type InvokeStep,
  type Scenario,
  type ScenarioArgument,
  type ScenarioDag,
  type ScenarioFunction,
} from '../../adapters/sim/scenario.ts';
import { put } from '../../adapters/sim/script.ts';
import { seededRandom } from '../../adapters/sim/seeded-random.ts';
import { EXACT_CLOCK } from '../../adapters/sim/sim-clock.ts';
import type { Random } from '../../ports/random.ts';
import { Zipf } from './zipf.ts';

export interface WorkloadOptions {
  readonly seed: string;
  /** Spread evenly over the clients. */
  readonly executions: number;
  readonly keys: number;
  /** The exponent of the distribution of keys. */
  readonly zipf: number;
  readonly dags: number;
  /** `v`: DAGs of three and more begin with two sources that meet in the third function. */
  readonly shape: 'linear' | 'v';
  readonly clients: number;
  readonly workers: number;
  readonly executorsPerWorker: number;
  readonly storages: number;
  /** How often caches get what storage pushes. */
  readonly refreshMs: number;
}

/** What is known of it; the rest is in {@link publishedScenario}. */
export const PUBLISHED_WORKLOAD: WorkloadOptions = {
  seed: '1',
  executions: 4_000,
  keys: 1_000_000,
  zipf: 1,
  dags: 250,
  shape: 'linear',
  clients: 8,
  workers: 5,
  executorsPerWorker: 3,
  storages: 3,
  refreshMs: 100,
};

/** Lengths with the published range of 2 to 5 and mean of 3; how they spread is our choice. */
const lengths: readonly number[] = [2, 2, 2, 2, 3, 3, 3, 4, 4, 5];

export const VALUE_BYTES = 8;

/** One call of a DAG, as it was planned. */
export interface PlannedExecution {
  readonly invocation: string;
  readonly dag: ScenarioDag;
  /** Node → parameter → the key that the argument refers to. No node refers to a key twice. */
  readonly references: ReadonlyMap<NodeId, ReadonlyMap<string, Key>>;
  readonly writes: Key;
  /** No other execution writes this value. */
  readonly value: string;
}

export interface PublishedWorkload {
  readonly scenario: Scenario;
  readonly executions: readonly PlannedExecution[];
}

/**
 * Two arguments (a sink of two branches has a third), each a value of a key or an upstream result;
 * the sink is told which key it writes. Returns a value of the same size as those it gets.
 */
const step: ScenarioFunction = {
  name: 'step',
  parameters: ['first', 'second', 'third', 'key', 'value'],
  *script(first, second, _third, key, value) {
    if (typeof key === 'string') yield* put(key, value);
    return first ?? second ?? '-'.repeat(VALUE_BYTES);
  },
};

/** Equal options give equal workloads at every level. */
export function publishedWorkload(
  options: WorkloadOptions,
  level: ConsistencyLevel,
): PublishedWorkload {
  const random = seededRandom(`${options.seed}/published-workload`);
  const dags = drawDags(random.fork('dags'), options);
  const zipf = new Zipf({ ranks: options.keys, exponent: options.zipf });
  const clients = Array.from({ length: options.clients }, (_, client) => {
    const draws = random.fork(`client ${client}`);
    const first = Math.floor((client * options.executions) / options.clients);
    const end = Math.floor(((client + 1) * options.executions) / options.clients);
    return Array.from({ length: end - first }, (_call, index) =>
      planExecution({ random: draws, zipf, dag: drawOne(draws, dags), number: first + index }),
    );
  });
  const scenario: Scenario = {
    ...CALM_SCENARIO,
    workers: Array.from({ length: options.workers }, (_, index) => ({
      id: `w${index + 1}`,
      executors: options.executorsPerWorker,
      clock: EXACT_CLOCK,
    })),
    storages: Array.from({ length: options.storages }, (_, index) => `s${index + 1}`),
    functions: [step],
    dags,
    clients: clients.map((executions) =>
      executions.map((execution) => invocationOf(execution, level)),
    ),
    network: {
      ...CALM_SCENARIO.network,
      delayUs: { min: 100, max: 500 },
      refreshMs: options.refreshMs,
    },
    diskUs: { min: 50, max: 500 },
    functionStartUs: { min: 500, max: 5_000 },
  };
  return { scenario, executions: clients.flat() };
}

function drawDags(random: Random, { dags, shape }: WorkloadOptions): readonly ScenarioDag[] {
  return Array.from({ length: dags }, (_, index) => {
    const ids = Array.from({ length: drawOne(random, lengths) }, (_node, at) => `n${at + 1}`);
    const hasBranches = shape === 'v' && ids.length >= 3;
    const edges = ids.slice(1).map((to, at) => {
      const from = must(ids[at], 'the node before');
      return hasBranches && to === 'n2'
        ? { from: 'n1', to: 'n3', parameter: 'third' }
        : { from, to, parameter: 'first' };
    });
    return { name: `dag-${index}`, nodes: ids.map((id) => ({ id, function: step.name })), edges };
  });
}

function planExecution(options: {
  readonly random: Random;
  readonly zipf: Zipf;
  readonly dag: ScenarioDag;
  readonly number: number;
}): PlannedExecution {
  const { random, zipf, dag, number } = options;
  const references = new Map<NodeId, ReadonlyMap<string, Key>>();
  for (const { id } of dag.nodes) {
    const isSource = dag.edges.every(({ to }) => to !== id);
    const taken = new Map<string, Key>();
    for (const parameter of isSource ? ['first', 'second'] : ['second']) {
      let key = keyOf(zipf.draw(random));
      while ([...taken.values()].includes(key)) key = keyOf(zipf.draw(random));
      taken.set(parameter, key);
    }
    references.set(id, taken);
  }
  const readSet = [...new Set([...references.values()].flatMap((taken) => [...taken.values()]))];
  const writes = must(
    readSet[drawInteger(random, { min: 0, max: readSet.length - 1 })],
    'a key of the read set',
  );
  const value = number.toString(36).padStart(VALUE_BYTES, '0');
  return { invocation: `x${number}`, dag, references, writes, value };
}

const keyOf = (rank: number): Key => `k${rank}`;

function invocationOf(execution: PlannedExecution, level: ConsistencyLevel): InvokeStep {
  const { dag, references, writes, value } = execution;
  const sink = must(dag.nodes.at(-1), 'a DAG has nodes').id;
  const given = dag.nodes.map(({ id }) => {
    const taken = new Map<string, ScenarioArgument>();
    for (const [parameter, ref] of references.get(id) ?? []) taken.set(parameter, { ref });
    if (id === sink) taken.set('key', { value: writes }).set('value', { value });
    return [id, taken] as const;
  });
  return {
    do: 'invoke',
    invocation: execution.invocation,
    dag: dag.name,
    arguments: new Map(given),
    level,
  };
}
