/**
 * The cluster, the functions and the DAGs that a schedule needs. A function does the operations of
 * its node one by one, each when the prompter says that it is its turn, and returns what it and the
 * functions before it have seen.
 */
import { compareTexts, must, type Key, type NodeId, type WorkerId } from '@stormglass/core';
import type { RegistrationPace } from '../../../limits.ts';
import {
  CALM_SCENARIO,
  type Scenario,
  type ScenarioDag,
  type ScenarioFunction,
  type ScenarioWorker,
} from '../scenario.ts';
import {
  get,
  merge,
  put,
  RefusedRequest,
  remove,
  siblings,
  work,
  type ScriptRun,
} from '../script.ts';
import { stayHome } from '../two-homes.ts';
import { EXACT_CLOCK, type ClockError } from '../sim-clock.ts';
import type { RunName, RunStep, Schedule } from './schedule.ts';

/** Tells functions when they may go on, and hears what they have done. */
export interface Prompter {
  isTurnOf(step: number): boolean;
  done(step: number): void;
}

/** What a run has seen, by the number of the step. */
export type Seen = Readonly<Record<string, unknown>>;

interface NumberedStep extends RunStep {
  readonly number: number;
}

interface ScheduledNode {
  readonly id: NodeId;
  readonly cache: WorkerId;
  readonly steps: readonly NumberedStep[];
}

export interface ScheduledRun {
  readonly name: RunName;
  readonly nodes: readonly ScheduledNode[];
  readonly edges: readonly (readonly [NodeId, NodeId])[];
  readonly firstStep: number;
  readonly lastStep: number;
}

/** How often a function looks whether it is its turn. */
const LOOK_INTERVAL_MS = 0.5;
const EXECUTORS_PER_WORKER = 4;
/**
 * Storage answers a registration with what the cache has missed. It comes so seldom that no update
 * reaches a cache before its `push`, unless the schedule waits for it.
 */
const PACE: RegistrationPace = { intervalMs: 1_000, leaseMs: 30_000 };

export function runsOf({ steps, edges }: Schedule): readonly ScheduledRun[] {
  const numbered = steps.flatMap((step, number) =>
    step.what === 'run' ? [{ ...step, number }] : [],
  );
  return [...Map.groupBy(numbered, ({ run }) => run)].map(([name, own]) => {
    const nodes = [...Map.groupBy(own, ({ node }) => node)].map(([id, ofNode]) => ({
      id,
      cache: must(ofNode[0], 'a step of the node').cache,
      steps: ofNode,
    }));
    const chain = nodes.slice(1).map(({ id }, index) => [nodes[index]?.id ?? '', id] as const);
    return {
      name,
      nodes,
      edges: edges.get(name) ?? chain,
      firstStep: must(own[0], 'a first step').number,
      lastStep: must(own.at(-1), 'a last step').number,
    };
  });
}

export function workersOf({ steps }: Schedule): readonly WorkerId[] {
  const named = steps.flatMap((step) => ('cache' in step && step.cache ? [step.cache] : []));
  return [...new Set(named)].toSorted();
}

export const dagNameOf = (run: RunName): string => `run ${run}`;

/** The DAG that gives a worker that was replaced a key of its own again. */
export const settlingOf = (worker: WorkerId): string => `settle ${worker}`;

/** Sources without an edge: each goes to the worker that has its key, or else to an idle one. */
const stayHomeDagOf = (name: string, workers: readonly WorkerId[]): ScenarioDag => ({
  name,
  nodes: workers.map((id) => ({ id, function: stayHome.name })),
  edges: [],
});

/** @param clocks worker → how wrong its wall clock is */
export function clusterFor(
  schedule: Schedule,
  prompter: Prompter,
  clocks: Readonly<Record<WorkerId, Partial<ClockError>>> = {},
): Scenario {
  const runs = runsOf(schedule);
  const workers = workersOf(schedule);
  return {
    ...CALM_SCENARIO,
    pace: PACE,
    workers: workers.map((id): ScenarioWorker => ({
      id,
      executors: EXECUTORS_PER_WORKER,
      clock: { ...EXACT_CLOCK, ...clocks[id] },
    })),
    functions: [
      stayHome,
      { name: 'warm', parameters: ['home', 'keys'], script: warm },
      ...runs.flatMap((run) => run.nodes.map((node) => functionOf(run, node, prompter))),
    ],
    dags: [
      stayHomeDagOf(stayHome.name, workers),
      ...workers.map((last) =>
        stayHomeDagOf(settlingOf(last), [...workers.filter((id) => id !== last), last]),
      ),
      { name: 'warm', nodes: [{ id: 'warm', function: 'warm' }], edges: [] },
      ...runs.map(dagOf),
    ],
  };
}

function* warm(_home: unknown, keys: unknown): ScriptRun {
  for (const key of Array.isArray(keys) ? keys : []) yield* get(String(key));
  return keys;
}

const functionNameOf = (run: RunName, node: NodeId): string => `${run}.${node}`;

const upstreamOf = ({ edges }: ScheduledRun, node: NodeId): readonly NodeId[] =>
  edges.flatMap(([from, to]) => (to === node ? [from] : []));

function dagOf(run: ScheduledRun): ScenarioDag {
  return {
    name: dagNameOf(run.name),
    nodes: run.nodes.map(({ id }) => ({ id, function: functionNameOf(run.name, id) })),
    edges: run.edges.map(([from, to]) => ({ from, to, parameter: `from ${from}` })),
  };
}

/** The keys that a node is given as arguments, each as the parameter of its name. */
export const argumentsOf = ({ steps }: ScheduledNode): readonly Key[] => [
  ...new Set(
    steps.flatMap(({ operation }) => (operation.operation === 'argument' ? [operation.key] : [])),
  ),
];

function functionOf(run: ScheduledRun, node: ScheduledNode, prompter: Prompter): ScenarioFunction {
  const upstream = upstreamOf(run, node.id).map((from) => `from ${from}`);
  const keys = argumentsOf(node);
  return {
    name: functionNameOf(run.name, node.id),
    parameters: ['home', ...upstream, ...keys],
    usesCloud: node.steps.some(({ operation }) => operation.operation !== 'argument'),
    *script(_home, ...values) {
      const given = new Map(keys.map((key, index) => [key, values[upstream.length + index]]));
      const seen: Record<string, unknown> = Object.assign({}, ...values.slice(0, upstream.length));
      const last = new Map<Key, unknown>();
      for (const step of run.nodes.flatMap(({ steps }) => steps)) {
        if (!('key' in step.operation)) continue;
        if (seen[step.number] !== undefined) last.set(step.operation.key, seen[step.number]);
      }
      for (const step of node.steps) {
        while (!prompter.isTurnOf(step.number)) yield* work(LOOK_INTERVAL_MS);
        const found = yield* tried(step, { last, given });
        if (found !== undefined) seen[step.number] = found;
        prompter.done(step.number);
      }
      return seen;
    },
  };
}

interface Known {
  /** What the run has last read of a key. */
  readonly last: Map<Key, unknown>;
  /** The values of its arguments. */
  readonly given: ReadonlyMap<Key, unknown>;
}

/** A function that is refused something tells so and goes on. */
function* tried(step: RunStep, known: Known): ScriptRun {
  try {
    return yield* perform(step, known);
  } catch (thrown) {
    if (!(thrown instanceof RefusedRequest)) throw thrown;
    return `refused: ${thrown.code}`;
  }
}

/** What the operation found, absent as `null`; nothing for a write. */
function* perform({ operation }: RunStep, { last, given }: Known): ScriptRun {
  switch (operation.operation) {
    case 'get': {
      const found = (yield* get(operation.key)) ?? null;
      last.set(operation.key, found);
      return found;
    }
    case 'all':
      return (yield* siblings(operation.key)).toSorted(byText);
    case 'put': {
      const { value } = operation;
      yield* put(
        operation.key,
        'literal' in value ? value.literal : Number(last.get(value.key)) + value.plus,
      );
      return undefined;
    }
    case 'delete':
      yield* remove(operation.key);
      return undefined;
    case 'count':
      yield* merge(operation.key, { kind: 'counter', add: operation.add });
      return undefined;
    case 'argument':
      return given.get(operation.key) ?? null;
    case 'fail':
      throw new Error('as the schedule says');
  }
}

const byText = (a: unknown, b: unknown): number => compareTexts(String(a), String(b));
