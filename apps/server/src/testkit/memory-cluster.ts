/**
 * A cluster in one object: the registry and the keys in Maps, functions run where they are, one
 * worker called `w1` that never is a process. It keeps every promise of the port but durability, so
 * the server can be tested without processes.
 */
import {
  dependenciesOf,
  EMPTY_CLOCK,
  fail,
  LWW_WRITER,
  NO_DEPENDENCIES,
  sinksOf,
  succeed,
  topologicalOrder,
  toVersionVector,
  toVersionVectors,
  valueOf,
  versionOf,
  type Argument,
  type Capsule,
  type ClusterStatus,
  type Dag,
  type EncodedValue,
  type Failure,
  type FunctionDefinition,
  type KeptAnswer,
  type Key,
  type NodeId,
  type Result,
  toldEvent,
  type RuntimeEvent,
  type ToldEvent,
  type VectorClock,
} from '@stormglass/core';
import { RequestClaims } from '@stormglass/runtime';
import { memoryStore } from '@stormglass/runtime/testkit';
import { answerOfOutcome } from '../invocations/outcome-of-answer.ts';
import type {
  Cluster,
  DagDraft,
  FunctionDraft,
  InvocationOutcome,
  InvokeRequest,
  Registration,
} from '../cluster-port.ts';

const WORKER = 'w1';
const EXECUTOR = 'w1/e1';

interface Cloud {
  readonly id: string;
  readonly get: (key: Key | readonly Key[]) => Promise<unknown>;
  readonly siblings: (key: Key) => Promise<readonly unknown[]>;
  readonly put: (key: Key, value: unknown) => Promise<void>;
  readonly delete: (key: Key) => Promise<void>;
  readonly flush: () => Promise<void>;
  readonly log: (...values: readonly unknown[]) => void;
}

type UserFunction = (...args: readonly unknown[]) => unknown;

async function compile({ javascript }: FunctionDefinition): Promise<UserFunction> {
  const url = `data:text/javascript;base64,${Buffer.from(javascript).toString('base64')}`;
  const module = (await import(url)) as { default: UserFunction };
  return module.default;
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : 1;

export class MemoryCluster implements Cluster {
  readonly startedAtMs = Date.parse('2026-01-01T00:00:00Z');
  readonly ownStore = memoryStore();
  /** Replaces the run of an invocation, for what a test wants to see happen. */
  script: ((request: InvokeRequest) => Promise<InvocationOutcome>) | undefined;
  readonly #functions = new Map<string, FunctionDefinition>();
  readonly #dags = new Map<string, Dag>();
  readonly #keys = new Map<Key, Capsule>();
  readonly #cached = new Set<Key>();
  readonly #listeners = new Set<(told: ToldEvent) => void>();
  readonly #kept = new Map<string, KeptAnswer>();
  readonly #claims = new RequestClaims(async (key) => this.#kept.get(key));
  readonly #named = new Map<string, string>();
  readonly #cancels = new Map<string, () => void>();
  readonly #workers = new Set([WORKER]);
  #at = 0;
  #timestamp = 1_000;

  readonly emit = (event: RuntimeEvent): void => {
    this.#at += 1;
    for (const listener of this.#listeners) listener(toldEvent(this.#at, event));
  };

  readonly functions = (): readonly FunctionDefinition[] =>
    [...this.#functions.values()].toSorted(byName);
  readonly findFunction = (name: string): FunctionDefinition | undefined =>
    this.#functions.get(name);

  readonly putFunction = async (draft: FunctionDraft): Promise<Result<Registration>> => {
    const version = (this.#functions.get(draft.name)?.version ?? 0) + 1;
    this.#functions.set(draft.name, { ...draft, version });
    this.emit({ kind: 'cluster.changed', change: 'function-registered', id: draft.name });
    return succeed({ version, created: version === 1 });
  };

  readonly deleteFunction = async (name: string): Promise<Result<undefined>> => {
    const detail = `No function is called ${name}.`;
    if (!this.#functions.has(name)) {
      return fail({ type: 'function-not-found', detail, function: name });
    }
    const user = [...this.#dags.values()].find(({ nodes }) =>
      nodes.some((node) => node.function === name),
    );
    if (user !== undefined) {
      const why = `The DAG ${user.name} uses ${name}. Delete the DAG first.`;
      return fail({ type: 'function-in-use', detail: why, function: name });
    }
    this.#functions.delete(name);
    return succeed(undefined);
  };

  readonly dags = (): readonly Dag[] => [...this.#dags.values()].toSorted(byName);
  readonly findDag = (name: string): Dag | undefined => this.#dags.get(name);

  readonly putDag = async (draft: DagDraft): Promise<Result<Registration>> => {
    const version = (this.#dags.get(draft.name)?.version ?? 0) + 1;
    this.#dags.set(draft.name, { ...draft, version });
    return succeed({ version, created: version === 1 });
  };

  readonly deleteDag = async (name: string): Promise<Result<undefined>> =>
    this.#dags.delete(name)
      ? succeed(undefined)
      : fail({ type: 'dag-not-found', detail: `No DAG is called ${name}.` });

  readonly claim: Cluster['claim'] = (identity, invocation) =>
    this.#claims.claim(identity, invocation);
  readonly release: Cluster['release'] = ({ key }) => this.#claims.settle(key, undefined);

  readonly invoke = async (request: InvokeRequest): Promise<InvocationOutcome> => {
    const outcome = await (this.script ?? this.#start)(request);
    const { identity } = request;
    if (identity === undefined) return outcome;
    const answer = answerOfOutcome(request, outcome);
    this.#kept.set(identity.key, { identity, answer });
    this.#claims.settle(identity.key, answer);
    return outcome;
  };

  readonly #start = (request: InvokeRequest): Promise<InvocationOutcome> =>
    new Promise((resolve) => {
      this.#cancels.set(request.invocation, () => {
        const failure: Failure = { type: 'cancelled', detail: 'It was cancelled.' };
        resolve({ ok: false, failure, attempts: 1, durationUs: 10 });
      });
      void this.#run(request).then((outcome) => {
        this.#cancels.delete(request.invocation);
        resolve(outcome);
      });
    });

  readonly cancel = (invocation: string): void => {
    this.#cancels.get(invocation)?.();
  };

  readonly getKey = async (key: Key): Promise<Result<Capsule | undefined>> => {
    const capsule = this.#keys.get(key);
    return succeed(capsule && valueOf(capsule) !== undefined ? capsule : undefined);
  };

  readonly putKey = async (key: Key, value: EncodedValue): Promise<Result<VectorClock>> =>
    succeed(this.#write(key, value));
  readonly deleteKey = async (key: Key): Promise<Result<VectorClock>> =>
    succeed(this.#write(key, null));

  readonly writeKeyOnce: Cluster['writeKeyOnce'] = async (identity, { key, value }) => {
    const known = this.#named.get(identity.key);
    if (known !== undefined) return succeed({ version: known, isReplayed: true });
    const version = JSON.stringify(toVersionVector(this.#write(key, value)));
    this.#named.set(identity.key, version);
    return succeed({ version, isReplayed: false });
  };

  readonly scanKeys: Cluster['scanKeys'] = async ({ prefix, after, limit }) => {
    const entries = [...this.#keys]
      .filter(([key, capsule]) => key.startsWith(prefix) && valueOf(capsule) !== undefined)
      .filter(([key]) => after === undefined || key > after)
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
    return succeed({ entries: entries.slice(0, limit), complete: entries.length <= limit });
  };

  readonly status = async (): Promise<ClusterStatus> => ({
    startedAt: new Date(this.startedAtMs).toISOString(),
    workers: [...this.#workers].map((id) => ({
      id,
      pid: process.pid,
      incarnation: 1,
      state: 'running',
      jailed: false,
      executors: [{ id: `${id}/e1`, state: 'idle', calls: 0, utilisation: 0, pinnedFunctions: [] }],
      cache: { keys: this.#cached.size, bytes: 0, pinned: 0, hits: 0, misses: 0, upstream: 0 },
    })),
    storage: [{ id: 's1', ringShare: 1, keys: this.#keys.size, bytes: 0, tier: 'memory' }],
    schedulers: [{ id: 'scheduler', running: this.#cancels.size, completed: 0 }],
  });

  readonly addWorker = async (): Promise<Result<string>> => {
    const id = `w${this.#workers.size + 1}`;
    this.#workers.add(id);
    this.emit({ kind: 'cluster.changed', change: 'worker-joined', id });
    return succeed(id);
  };

  readonly drainWorker = async (worker: string): Promise<Result<undefined>> =>
    this.#removeWorker(worker, 'worker-left');
  readonly killWorker = (worker: string): Result<undefined> =>
    this.#removeWorker(worker, 'worker-crashed');

  readonly onEvent: Cluster['onEvent'] = (listener) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  isClosed = false;
  readonly close = async (): Promise<void> => {
    this.isClosed = true;
    this.#listeners.clear();
  };

  #removeWorker(id: string, change: 'worker-left' | 'worker-crashed'): Result<undefined> {
    if (!this.#workers.delete(id)) {
      return fail({ type: 'worker-not-found', detail: `There is no worker ${id}.` });
    }
    this.emit({ kind: 'cluster.changed', change, id });
    return succeed(undefined);
  }

  #write(key: Key, value: EncodedValue | null): VectorClock {
    this.#timestamp += 1;
    const write = {
      writer: `${WORKER}.1`,
      timestamp: this.#timestamp,
      context: EMPTY_CLOCK,
      dependencies: NO_DEPENDENCIES,
      value,
    };
    const capsule: Capsule = { kind: 'register', writes: [write] };
    this.#keys.set(key, capsule);
    return new Map([[LWW_WRITER, this.#timestamp]]);
  }

  async #run(request: InvokeRequest): Promise<InvocationOutcome> {
    const { invocation, target } = request;
    const dag: Pick<Dag, 'nodes' | 'edges' | 'version'> =
      'dag' in target
        ? this.#dags.get(target.dag)!
        : { nodes: [{ id: target.function, function: target.function }], edges: [], version: 1 };
    const emit = (event: RuntimeEvent): void => {
      if (request.trace) this.emit(event);
    };
    emit({
      kind: 'invocation.started',
      invocation,
      attempt: 1,
      dag: 'dag' in target ? target.dag : `function:${target.function}`,
      dagVersion: dag.version,
      consistency: request.consistency,
      schedule: Object.fromEntries(
        dag.nodes.map(({ id }) => [id, { worker: WORKER, executor: EXECUTOR }]),
      ),
    });
    const results = new Map<NodeId, unknown>();
    const end = { attempts: 1, durationUs: 1_234 };
    for (const node of topologicalOrder(dag)) {
      const outcome = await this.#runNode(request, dag, node, results, emit);
      if (!outcome.ok) {
        const { type, detail } = outcome.failure;
        const error = { type, detail, node };
        emit({ kind: 'invocation.finished', invocation, status: 'failed', ...end, error });
        return { ok: false, failure: outcome.failure, ...end };
      }
      results.set(node, outcome.value);
    }
    emit({ kind: 'invocation.finished', invocation, status: 'succeeded', ...end });
    const sinks = sinksOf(dag).map((id) => [id, JSON.stringify(results.get(id))] as const);
    const [only] = sinks;
    if (request.store !== undefined) this.#write(request.store, only?.[1] ?? 'null');
    return { ok: true, results: new Map(sinks), sessionToken: 'token', ...end };
  }

  async #runNode(
    request: InvokeRequest,
    dag: Pick<Dag, 'nodes' | 'edges'>,
    node: NodeId,
    results: ReadonlyMap<NodeId, unknown>,
    emit: (event: RuntimeEvent) => void,
  ): Promise<Result<unknown>> {
    const name = dag.nodes.find(({ id }) => id === node)!.function;
    const definition = this.#functions.get(name)!;
    const place = {
      invocation: request.invocation,
      attempt: 1,
      worker: WORKER,
      executor: EXECUTOR,
    };
    const incoming = dag.edges.filter((edge) => edge.to === node);
    for (const { from, to } of incoming) {
      const metadata = { bytes: 0, readSet: {}, dependencies: {} };
      emit({ kind: 'function.triggered', ...place, from, to, ...metadata });
    }
    emit({ kind: 'function.started', ...place, node, function: name });
    const given = request.arguments.get(node) ?? new Map<string, Argument>();
    const argumentOf = (parameter: string): unknown => {
      const edge = incoming.find((candidate) => candidate.parameter === parameter);
      if (edge !== undefined) return results.get(edge.from);
      const argument = given.get(parameter);
      if (argument === undefined) return undefined;
      return 'ref' in argument ? this.#value(argument.ref) : JSON.parse(argument.value);
    };
    const args = definition.parameters.map((parameter) => argumentOf(parameter.name));
    if (definition.cloudPosition !== undefined) {
      args.splice(definition.cloudPosition, 0, this.#cloud({ ...place, node }, emit));
    }
    try {
      const value = await (await compile(definition))(...args);
      const done = { status: 'succeeded' as const, durationUs: 100 };
      emit({ kind: 'function.finished', ...place, node, function: name, ...done });
      return succeed(JSON.parse(JSON.stringify(value ?? null)));
    } catch (error) {
      const { name: kind, message, stack = '' } = error as Error;
      const thrown = { name: kind, message, stack };
      const done = { status: 'failed' as const, durationUs: 100 };
      const told = { type: 'function-failed', ...thrown };
      emit({ kind: 'function.finished', ...place, node, function: name, ...done, error: told });
      const detail = `${name} threw ${kind}: ${message}.`;
      return fail({ type: 'function-failed', detail, node, function: name, error: thrown });
    }
  }

  #value(key: Key): unknown {
    const capsule = this.#keys.get(key);
    const text = capsule && valueOf(capsule);
    return text === undefined ? undefined : JSON.parse(text);
  }

  #cloud(
    place: { invocation: string; attempt: number; worker: string; executor: string; node: string },
    emit: (event: RuntimeEvent) => void,
  ): Cloud {
    const read = (key: Key): unknown => {
      const capsule = this.#keys.get(key);
      const isHit = this.#cached.has(key);
      this.#cached.add(key);
      emit({
        kind: 'cache.read',
        ...place,
        key,
        outcome: isHit ? 'hit' : 'miss',
        version: capsule === undefined ? {} : toVersionVector(versionOf(capsule)),
        siblings: 1,
        rule: isHit ? 'lww/local' : 'lww/store',
        because: isHit ? 'The cache has it.' : 'The cache has never seen it.',
        bytes: 1,
        durationUs: 5,
      });
      return this.#value(key);
    };
    const write = (key: Key, value: EncodedValue | null): void => {
      const version = toVersionVector(this.#write(key, value));
      this.#cached.add(key);
      const dependencies = toVersionVectors(dependenciesOf(this.#keys.get(key)!));
      const operation = value === null ? 'delete' : 'put';
      emit({ kind: 'cache.write', ...place, key, version, dependencies, operation, bytes: 1 });
    };
    return {
      id: `${place.invocation}.${place.node}`,
      get: async (key) => (typeof key === 'string' ? read(key) : key.map(read)),
      siblings: async (key) => {
        const value = read(key);
        return value === undefined ? [] : [value];
      },
      put: async (key, value) => write(key, JSON.stringify(value)),
      delete: async (key) => write(key, null),
      flush: async () => undefined,
      log: (...values) =>
        emit({ kind: 'log', ...place, level: 'info', text: values.map(String).join(' ') }),
    };
  }
}
