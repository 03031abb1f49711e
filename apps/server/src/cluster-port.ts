/**
 * What the server needs of a cluster. The roles and the processes behind it are not the server's
 * business; anything that keeps these promises can stand here, the in-memory one of the tests
 * included.
 */
import type {
  ArgumentMap,
  Capsule,
  ClusterStatus,
  ConsistencyLevel,
  Dag,
  DagName,
  EncodedValue,
  Failure,
  FunctionDefinition,
  FunctionName,
  InvocationId,
  Key,
  NodeId,
  RequestIdentity,
  Result,
  ToldEvent,
  VectorClock,
  WorkerId,
} from '@stormglass/core';
import type { Claim, KeyWrite, NamedWrite, Store } from '@stormglass/runtime';

/** A function as its author gives it; the cluster counts the versions. */
export type FunctionDraft = Omit<FunctionDefinition, 'version'>;
/** A valid DAG; the caller has checked it against the registered functions. */
export type DagDraft = Omit<Dag, 'version'>;

export interface Registration {
  readonly version: number;
  /** False when it replaced one of the same name. */
  readonly created: boolean;
}

export interface InvokeRequest {
  /** Chosen by the caller; never used before in this cluster. */
  readonly invocation: InvocationId;
  /** A function runs as a DAG of one node whose id is the function's name. */
  readonly target: { readonly dag: DagName } | { readonly function: FunctionName };
  readonly arguments: ArgumentMap;
  readonly consistency: ConsistencyLevel;
  /** What the client calls its request by; only after {@link Cluster.claim} said that it is new. */
  readonly identity?: RequestIdentity | undefined;
  readonly sessionToken?: string | undefined;
  /** Key that the only sink's value is written to as well. */
  readonly store?: Key | undefined;
  readonly timeoutMs?: number | undefined;
  /** False: not one event is emitted. */
  readonly trace: boolean;
}

export type InvocationOutcome =
  | {
      readonly ok: true;
      /**
       * Sink → JSON text; `undefined` when the function returned nothing. In the order of the DAG's
       * nodes.
       */
      readonly results: ReadonlyMap<NodeId, EncodedValue | undefined>;
      readonly attempts: number;
      readonly durationUs: number;
      readonly sessionToken: string;
    }
  | {
      readonly ok: false;
      readonly failure: Failure;
      readonly attempts: number;
      readonly durationUs: number;
    };

export interface KeyPage {
  /** In key order, deleted keys left out. */
  readonly entries: readonly (readonly [Key, Capsule])[];
  /** False when `limit` cut the page short. */
  readonly complete: boolean;
}

/**
 * Promises never reject: what can go wrong is a `Failure`. A promise that resolved with `ok` is
 * durable. The registry (functions and DAGs) is kept in memory, so reading it costs nothing; it
 * holds what was last acknowledged. Definitions and DAGs are immutable: an unchanged one is the
 * same object at every call.
 */
export interface Cluster {
  /** Wall time in milliseconds since 1970; `at` of events counts from here. */
  readonly startedAtMs: number;
  /** What the server itself has to know after a restart; no key of a user. */
  readonly ownStore: Store;

  readonly functions: () => readonly FunctionDefinition[];
  readonly findFunction: (name: FunctionName) => FunctionDefinition | undefined;
  readonly putFunction: (draft: FunctionDraft) => Promise<Result<Registration>>;
  /** Fails with `function-not-found`, or with `function-in-use` while a DAG uses it. */
  readonly deleteFunction: (name: FunctionName) => Promise<Result<undefined>>;

  readonly dags: () => readonly Dag[];
  readonly findDag: (name: DagName) => Dag | undefined;
  readonly putDag: (draft: DagDraft) => Promise<Result<Registration>>;
  /** Fails with `dag-not-found`. */
  readonly deleteDag: (name: DagName) => Promise<Result<undefined>>;

  /**
   * Whether this request is the first with its key. Whoever is first has to invoke it with that
   * identity, or to {@link release} it. An answer is kept for a day, also when every process dies.
   */
  readonly claim: (identity: RequestIdentity, invocation: InvocationId) => Promise<Claim>;
  /** The request was refused before it was invoked. */
  readonly release: (identity: RequestIdentity) => void;
  readonly invoke: (request: InvokeRequest) => Promise<InvocationOutcome>;
  /**
   * The invocation then ends with the failure `cancelled`. Nothing happens when it has ended or
   * never was.
   */
  readonly cancel: (invocation: InvocationId) => void;

  /** `undefined` when the key is absent or deleted. */
  readonly getKey: (key: Key) => Promise<Result<Capsule | undefined>>;
  /** Answers with the version after the write. */
  readonly putKey: (key: Key, value: EncodedValue) => Promise<Result<VectorClock>>;
  readonly deleteKey: (key: Key) => Promise<Result<VectorClock>>;
  /**
   * A write that its client has named: made once, and answered the same whenever it comes again, for
   * a day, also when every process dies.
   */
  readonly writeKeyOnce: (
    identity: RequestIdentity,
    write: KeyWrite,
  ) => Promise<Result<NamedWrite>>;
  readonly scanKeys: (range: {
    readonly prefix: string;
    /** Exclusive. */
    readonly after?: Key | undefined;
    readonly limit: number;
  }) => Promise<Result<KeyPage>>;

  readonly status: () => Promise<ClusterStatus>;
  readonly addWorker: () => Promise<Result<WorkerId>>;
  /** Resolves when the worker takes no new work; it stops when what it runs has ended. */
  readonly drainWorker: (worker: WorkerId) => Promise<Result<undefined>>;
  /** SIGKILL, at once. */
  readonly killWorker: (worker: WorkerId) => Result<undefined>;

  /**
   * No event comes before one that caused it,
   * whichever processes they happened in. Returns the way to stop listening.
   */
  readonly onEvent: (listener: (told: ToldEvent) => void) => () => void;
  /** Ends every process of the cluster; what was acknowledged is durable. */
  readonly close: () => Promise<void>;
}
