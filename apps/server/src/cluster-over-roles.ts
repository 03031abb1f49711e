/**
 * The server's `Cluster` over the roles of this process and the supervisor of the workers.
 */
import {
  fail,
  succeed,
  type Capsule,
  type ClusterStatus,
  type Dag,
  type EncodedValue,
  type Failure,
  type FunctionDefinition,
  type InvocationAnswer,
  type InvocationId,
  type Key,
  type RequestIdentity,
  type Result,
  type ToldEvent,
  type VectorClock,
  type WorkerId,
} from '@stormglass/core';
import type {
  Claim,
  KeyWrite,
  NamedWrite,
  RegistryChange,
  ServerRoles,
  Store,
} from '@stormglass/runtime';
import type { Supervisor } from '@stormglass/runtime/node';
import type {
  Cluster,
  DagDraft,
  FunctionDraft,
  InvocationOutcome,
  InvokeRequest,
  KeyPage,
  Registration,
} from './cluster-port.ts';
import { outcomeOfAnswer } from './invocations/outcome-of-answer.ts';
import type { SessionSeal } from './session-seal.ts';

type EventListener = (told: ToldEvent) => void;

export interface ClusterOverRolesOptions {
  readonly startedAtMs: number;
  readonly roles: ServerRoles;
  readonly supervisor: Supervisor;
  readonly seal: SessionSeal;
  readonly ownStore: Store;
  /** Whoever is in here is told every event. */
  readonly listeners: Set<EventListener>;
  readonly closeStores: () => Promise<void>;
}

/** The scheduler counts the versions; a draft has none yet. */
const UNCOUNTED = 0;

export class ClusterOverRoles implements Cluster {
  readonly startedAtMs: number;
  readonly ownStore: Store;
  readonly #options: ClusterOverRolesOptions;
  readonly #roles: ServerRoles;
  readonly #supervisor: Supervisor;

  constructor(options: ClusterOverRolesOptions) {
    this.startedAtMs = options.startedAtMs;
    this.ownStore = options.ownStore;
    this.#options = options;
    this.#roles = options.roles;
    this.#supervisor = options.supervisor;
  }

  readonly functions = (): readonly FunctionDefinition[] =>
    this.#roles.scheduler.registry.functions();

  readonly findFunction = (name: string): FunctionDefinition | undefined =>
    this.#roles.scheduler.registry.function(name);

  readonly putFunction = (draft: FunctionDraft): Promise<Result<Registration>> =>
    this.#register({ what: 'put-function', definition: { ...draft, version: UNCOUNTED } });

  readonly deleteFunction = (name: string): Promise<Result<undefined>> =>
    this.#delete({ what: 'delete-function', name });

  readonly dags = (): readonly Dag[] => this.#roles.scheduler.registry.dags();

  readonly findDag = (name: string): Dag | undefined => this.#roles.scheduler.registry.dag(name);

  readonly putDag = (draft: DagDraft): Promise<Result<Registration>> =>
    this.#register({ what: 'put-dag', dag: { ...draft, version: UNCOUNTED } });

  readonly deleteDag = (name: string): Promise<Result<undefined>> =>
    this.#delete({ what: 'delete-dag', name });

  readonly invoke = async (request: InvokeRequest): Promise<InvocationOutcome> =>
    outcomeOfAnswer(this.#sealed(await this.#roles.client.invoke(this.#unsealed(request))));

  readonly claim = async (identity: RequestIdentity, invocation: InvocationId): Promise<Claim> => {
    const claim = await this.#roles.client.claim(identity, invocation);
    switch (claim.state) {
      case 'new':
      case 'reused':
        return claim;
      case 'answered':
        return { ...claim, answer: this.#sealed(claim.answer) };
      case 'running': {
        const answer = claim.answer.then((one) => one && this.#sealed(one));
        return { ...claim, answer };
      }
    }
  };

  readonly release = (identity: RequestIdentity): void => {
    this.#roles.client.release(identity);
  };

  readonly cancel = (invocation: InvocationId): void => {
    this.#roles.client.cancel(invocation);
  };

  readonly getKey = async (key: Key): Promise<Result<Capsule | undefined>> =>
    succeed(await this.#roles.client.get(key));

  readonly putKey = (key: Key, value: EncodedValue): Promise<Result<VectorClock>> =>
    this.#roles.client.put(key, value);

  readonly deleteKey = (key: Key): Promise<Result<VectorClock>> => this.#roles.client.delete(key);

  readonly writeKeyOnce = (
    identity: RequestIdentity,
    write: KeyWrite,
  ): Promise<Result<NamedWrite>> => this.#roles.client.writeOnce(identity, write);

  readonly scanKeys = async (range: {
    readonly prefix: string;
    readonly after?: Key | undefined;
    readonly limit: number;
  }): Promise<Result<KeyPage>> => succeed(await this.#roles.client.scan(range));

  readonly status = async (): Promise<ClusterStatus> => {
    await this.#supervisor.refresh();
    const { storages, ring, scheduler } = this.#roles;
    return {
      startedAt: new Date(this.startedAtMs).toISOString(),
      workers: [...this.#supervisor.workers()],
      storage: storages.map(({ id, keys, bytes }) => ({
        id,
        ringShare: ring.shareOf(id),
        keys,
        bytes,
        tier: 'disk',
      })),
      schedulers: [{ id: 'scheduler', ...scheduler.statistics() }],
    };
  };

  readonly addWorker = (): Promise<Result<WorkerId>> =>
    this.#supervisor.addWorker().then(
      (worker) => succeed(worker),
      (error: unknown) =>
        fail({
          type: 'unavailable',
          detail: `The worker could not be started: ${String(error)}`,
        }),
    );

  readonly drainWorker = (worker: WorkerId): Promise<Result<undefined>> =>
    Promise.resolve(
      this.#supervisor.drainWorker(worker) ? succeed(undefined) : fail(noWorker(worker)),
    );

  readonly killWorker = (worker: WorkerId): Result<undefined> =>
    this.#supervisor.killWorker(worker) ? succeed(undefined) : fail(noWorker(worker));

  readonly onEvent = (listener: EventListener): (() => void) => {
    this.#options.listeners.add(listener);
    return () => this.#options.listeners.delete(listener);
  };

  readonly close = async (): Promise<void> => {
    await this.#supervisor.close();
    for (const role of this.#roles.all) role.close();
    await this.#options.closeStores();
  };

  #sealed(answer: InvocationAnswer): InvocationAnswer {
    return { ...answer, sessionToken: this.#options.seal.seal(answer.sessionToken) };
  }

  #unsealed(request: InvokeRequest): InvokeRequest {
    const { sessionToken } = request;
    if (sessionToken === undefined) return request;
    return { ...request, sessionToken: this.#options.seal.unseal(sessionToken) };
  }

  async #register(change: RegistryChange): Promise<Result<Registration>> {
    const { failure, version, created } = await this.#roles.client.register(change);
    return failure === undefined ? succeed({ version, created }) : fail(failure);
  }

  async #delete(change: RegistryChange): Promise<Result<undefined>> {
    const { failure } = await this.#roles.client.register(change);
    return failure === undefined ? succeed(undefined) : fail(failure);
  }
}

const noWorker = (worker: WorkerId): Failure => ({
  type: 'worker-not-found',
  detail: `There is no running worker ${worker}. GET /api/v1/cluster lists them.`,
});
