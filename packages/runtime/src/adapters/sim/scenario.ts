/**
 * What a simulation runs: the machines, the functions and DAGs, what clients do, and how badly the
 * world behaves. Everything but the scripts is plain data.
 */
import type {
  ConsistencyLevel,
  DagEdge,
  DagName,
  DagNode,
  EventKind,
  FunctionName,
  InvocationId,
  Key,
  NodeId,
  StorageId,
  WorkerId,
} from '@stormglass/core';
import type { Range } from './draws.ts';
import type { PlannedFault } from './planned-fault.ts';
import type { Script } from './script.ts';
import type { RegistrationPace } from '../../limits.ts';
import { EXACT_CLOCK, type ClockError } from './sim-clock.ts';
import type { NetworkOptions } from './sim-network.ts';

export interface ScenarioWorker {
  readonly id: WorkerId;
  readonly executors: number;
  readonly clock: ClockError;
  /** What its cache keeps before it evicts; the usual limit when it is left out. */
  readonly cacheBytesMax?: number | undefined;
}

export interface ScenarioFunction {
  readonly name: FunctionName;
  readonly parameters: readonly string[];
  /** Default true. Without it the script may only work. */
  readonly usesCloud?: boolean | undefined;
  readonly script: Script;
}

export interface ScenarioDag {
  readonly name: DagName;
  readonly nodes: readonly DagNode[];
  readonly edges: readonly DagEdge[];
}

/** A JSON value, or the key it is read from. */
export type ScenarioArgument = { readonly value: unknown } | { readonly ref: Key };

export interface InvokeStep {
  readonly do: 'invoke';
  /** Unique in the scenario. */
  readonly invocation: InvocationId;
  readonly dag: DagName;
  /** Node → parameter → argument. */
  readonly arguments?: ReadonlyMap<NodeId, ReadonlyMap<string, ScenarioArgument>> | undefined;
  readonly level: ConsistencyLevel;
  /** Whether it goes on in the session that this client's previous invocation left. */
  readonly continuesSession?: boolean | undefined;
  /** The client asks again until it is answered, with this key, so that it takes effect once. */
  readonly idempotencyKey?: string | undefined;
}

/** One client does its steps one after the other, each when the one before is answered. */
export type ClientStep =
  | InvokeStep
  | { readonly do: 'put'; readonly key: Key; readonly value: unknown }
  | { readonly do: 'delete'; readonly key: Key }
  | { readonly do: 'get'; readonly key: Key }
  | { readonly do: 'wait'; readonly durationMs: number }
  /** Until the next event of this kind, of the node where one is given. */
  | { readonly do: 'await-event'; readonly kind: EventKind; readonly node?: NodeId | undefined }
  /** Machines by name: a worker, a storage node, `control` for scheduler and client. */
  | { readonly do: 'hold' | 'cut' | 'heal'; readonly from: string; readonly to: string }
  | { readonly do: 'crash-worker'; readonly worker: WorkerId; readonly restartAfterMs: number }
  | { readonly do: 'crash-storage'; readonly storage: StorageId; readonly restartAfterMs: number };

export interface Scenario {
  readonly workers: readonly ScenarioWorker[];
  readonly storages: readonly StorageId[];
  readonly functions: readonly ScenarioFunction[];
  readonly dags: readonly ScenarioDag[];
  readonly clients: readonly (readonly ClientStep[])[];
  readonly network: NetworkOptions;
  /** How long a save or a load takes. */
  readonly diskUs: Range;
  /** How long a function takes to start. */
  readonly functionStartUs: Range;
  /** How long the supervisor takes to see that a worker died. */
  readonly crashDetectionUs: Range;
  readonly faults: readonly PlannedFault[];
  /** How long a cache keeps what nobody ended; as in production where it is left out. */
  readonly attemptLeaseMs?: number | undefined;
  /** How often caches register; as in production where it is left out. */
  readonly pace?: RegistrationPace | undefined;
}

/** One process for each of these besides the workers and the storage nodes. */
export const CONTROL_MACHINE = 'control';
/** For a crash: control and all storage nodes at once. */
export const SERVER_MACHINE = 'server';

/**
 * Two workers with one executor each, two storage nodes, and a world in which nothing goes wrong.
 */
export const CALM_SCENARIO: Scenario = {
  workers: [
    { id: 'w1', executors: 1, clock: EXACT_CLOCK },
    { id: 'w2', executors: 1, clock: EXACT_CLOCK },
  ],
  storages: ['s1', 's2'],
  functions: [],
  dags: [],
  clients: [],
  network: {
    delayUs: { min: 20, max: 400 },
    slowShare: 0,
    slowUs: { min: 0, max: 0 },
    isLocalInline: true,
    duplicateShare: 0,
  },
  diskUs: { min: 50, max: 500 },
  functionStartUs: { min: 0, max: 100 },
  crashDetectionUs: { min: 500, max: 5_000 },
  faults: [],
};
