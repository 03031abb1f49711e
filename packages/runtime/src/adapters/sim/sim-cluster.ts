/**
 * All roles of a cluster on simulated machines: storage nodes and workers each on one of their own,
 * scheduler and client together on `control`, as in the server process. Crashes and restarts them
 * as the supervisor does.
 */
import {
  CLIENT,
  must,
  type CapsuleOrAbsent,
  type FunctionName,
  type Key,
  type MessageOf,
  type RoleMessage,
  type StorageId,
  type WorkerId,
} from '@stormglass/core';
import type { CacheStatistics } from '../../cache/cache.ts';
import type { Client } from '../../client/client.ts';
import type { Ownership } from '../../ports/ownership.ts';
import type { Random } from '../../ports/random.ts';
import { HashRing } from '../../storage/hash-ring.ts';
import { drawInteger } from './draws.ts';
import type { EventQueue } from './event-queue.ts';
import type { FaultCounter } from './faults.ts';
import type { Planted } from './planted.ts';
import { CONTROL_MACHINE, type Scenario, type ScenarioWorker } from './scenario.ts';
import { SimControl } from './sim-control.ts';
import type { SimEventLog } from './sim-event-sink.ts';
import type { FunctionObserver } from './sim-function-host.ts';
import type { SimLife } from './sim-life.ts';
import { SimNetwork } from './sim-network.ts';
import { SimStorage } from './sim-storage.ts';
import { SimDisk } from './sim-store.ts';
import { SimWorker } from './sim-worker.ts';
import { SimWorld } from './sim-world.ts';
import type { Tracer } from './trace/trace-step.ts';

export interface SimClusterOptions {
  readonly queue: EventQueue;
  readonly random: Random;
  readonly log: SimEventLog;
  readonly scenario: Scenario;
  readonly planted?: Planted | undefined;
  readonly isStrict: boolean;
  readonly faults: FaultCounter;
  readonly trace: Tracer | undefined;
  readonly ring: Ownership | undefined;
  readonly observe: FunctionObserver;
  /** Sees each message just before its recipient does. */
  readonly onDelivery: (to: string, message: RoleMessage) => void;
  readonly onAnswer: (answer: MessageOf<'invoked'>) => void;
  readonly onFault: (kind: 'crash' | 'restart', machine: string) => void;
}

/** What a person at the client's side has of the server. */
export interface ClientConnection {
  readonly client: Client;
  /** Resolves when the server dies, and with it everything that was asked. */
  readonly lost: Promise<'lost'>;
}

/** A replacement takes at least this long, so the scheduler has heard of the loss. */
const PROCESS_START_US = 100;
/** How often it is looked whether what a dead worker had sent has arrived. */
const QUIET_POLL_US = 2_000;

export class SimCluster {
  readonly network: SimNetwork;
  readonly #options: SimClusterOptions;
  readonly #world: SimWorld;
  #control: SimControl;
  /** Grows with every start of the control machine. */
  #era = 1;
  #up = Promise.withResolvers<undefined>();
  readonly #workers = new Map<WorkerId, SimWorker>();
  readonly #storages = new Map<StorageId, SimStorage>();
  readonly #disks = new Map<StorageId, SimDisk>();
  #watch: (machine: string) => void = () => undefined;

  constructor(options: SimClusterOptions) {
    const { queue, random, scenario, isStrict, faults } = options;
    this.#options = options;
    this.network = new SimNetwork({
      queue,
      random: random.fork('network'),
      network: scenario.network,
      isStrict,
      faults,
      trace: options.trace,
      beforeDelivery: (to, life, message) => this.#beforeDelivery(to, life, message),
    });
    this.#world = new SimWorld({
      ...options,
      ring: options.ring ?? new HashRing(scenario.storages),
      planted: options.planted,
      network: this.network,
    });
    for (const id of scenario.storages) this.#startStorage(id);
    this.#control = new SimControl(this.#world, this.#era);
    this.#control.start();
    this.#up.resolve(undefined);
    for (const worker of scenario.workers) this.#startWorker(worker, 1);
  }

  /** Of the server that is up now, or was last. */
  get client(): Client {
    return this.#control.client;
  }

  /** Resolves when a server is up. */
  async connect(): Promise<ClientConnection> {
    await this.#up.promise;
    return this.#control;
  }

  get isWhole(): boolean {
    const lives = [...this.#workers.values(), ...this.#storages.values(), this.#control];
    return lives.every(({ life }) => life.isAlive);
  }

  /** What each worker that is alive keeps and runs. */
  leftovers(): readonly {
    readonly worker: WorkerId;
    readonly pinned: number;
    readonly calls: number;
  }[] {
    return [...this.#workers].flatMap(([worker, running]) =>
      running.life.isAlive ? [{ worker, ...running.leftovers() }] : [],
    );
  }

  /** What the worker's cache serves for a key to someone who knows nothing. */
  ask(worker: WorkerId, key: Key): Promise<CapsuleOrAbsent> {
    return this.#worker(worker).ask(key);
  }

  /** Drops a key from a worker's cache, as memory pressure would. */
  evict(worker: WorkerId, key: Key): void {
    if (this.#worker(worker).life.isAlive) this.#worker(worker).cache.evict(key);
  }

  statisticsOf(worker: WorkerId): CacheStatistics {
    return this.#worker(worker).cache.statistics();
  }

  pinnedFunctionsOf(worker: WorkerId): ReadonlySet<FunctionName> {
    return this.#worker(worker).pinnedFunctions();
  }

  /** What is on a storage node's disk now, to be given to {@link crashStorage} later. */
  copyOfDisk(storage: StorageId): SimDisk {
    const copy = new SimDisk();
    for (const [key, bytes] of this.diskOf(storage).entries) copy.entries.set(key, bytes.slice());
    return copy;
  }

  diskOf(storage: StorageId): SimDisk {
    return must(this.#disks.get(storage), `There is no storage node ${storage}`);
  }

  /** Ahead by so much more from now on. */
  jumpClock(machine: string, byMs: number): void {
    this.#world.wallOf(machine).jump(byMs);
  }

  /** The process that runs on a machine now, or ran there last. */
  lifeOf(machine: string): SimLife {
    if (machine === CONTROL_MACHINE) return this.#control.life;
    const running = this.#workers.get(machine) ?? this.#storages.get(machine);
    return must(running, `There is no machine ${machine}`).life;
  }

  /** `watch` hears of every message just before it is delivered; it may end the recipient's life. */
  watchDeliveries(watch: (machine: string) => void): void {
    this.#watch = watch;
  }

  crashWorker(id: WorkerId, restartAfterMs: number): void {
    const worker = this.#worker(id);
    if (!worker.life.isAlive) return;
    this.#endWorker(id);
    // The next server starts new ones.
    if (!this.#control.life.isAlive) return;
    const { queue } = this.#options;
    // The supervisor sees the connection close, so after everything that was sent over it.
    const detectionUs = this.#detectionUs(id, worker.incarnation);
    const seenUs = Math.max(queue.nowUs + detectionUs, this.network.quietAtUs(id, CONTROL_MACHINE));
    const replaceUs = seenUs + Math.max(PROCESS_START_US, restartAfterMs * 1000);
    this.#inThisEra(seenUs, () => this.#control.tell(this.#scenarioOf(id), 'lost'));
    this.#inThisEra(replaceUs, () => this.#replaceWorker(id));
  }

  /** @param disk what the node finds when it is back, where that is not what it left */
  crashStorage(id: StorageId, restartAfterMs: number, disk?: SimDisk): void {
    const storage = must(this.#storages.get(id), `There is no storage node ${id}`);
    if (!storage.life.isAlive) return;
    this.#options.faults.count('storage crash');
    this.#endStorage(id, storage);
    if (disk !== undefined) this.#disks.set(id, disk);
    if (!this.#control.life.isAlive) return;
    const { queue } = this.#options;
    this.#inThisEra(queue.nowUs + restartAfterMs * 1000, () => this.#restartStorage(id));
  }

  /**
   * Scheduler and client die, with all storage nodes or without. Every worker ends when it sees
   * that the link to the server is closed; the next server starts new ones.
   */
  crashServer(restartAfterMs: number, { withStorage }: { readonly withStorage: boolean }): void {
    if (!this.#control.life.isAlive) return;
    const { queue, faults, onFault, scenario } = this.#options;
    faults.count(withStorage ? 'server crash' : 'scheduler crash');
    this.#up = Promise.withResolvers<undefined>();
    this.#control.crash();
    onFault('crash', CONTROL_MACHINE);
    this.#era += 1;
    for (const [id, storage] of this.#storages) {
      if (withStorage && storage.life.isAlive) this.#endStorage(id, storage);
    }
    for (const [id, { life, incarnation }] of this.#workers) {
      const seenUs = queue.nowUs + this.#detectionUs(id, incarnation);
      queue.at(seenUs, () => {
        if (life.isAlive) this.#endWorker(id);
      });
    }
    const goneUs = scenario.crashDetectionUs.max + PROCESS_START_US;
    this.#inThisEra(queue.nowUs + Math.max(goneUs, restartAfterMs * 1000), () =>
      this.#restartServer(withStorage),
    );
  }

  #restartServer(withStorage: boolean): void {
    this.#options.onFault('restart', CONTROL_MACHINE);
    for (const [id, { life }] of this.#storages) if (!life.isAlive) this.#restartStorage(id);
    const control = new SimControl(this.#world, this.#era);
    this.#control = control;
    if (withStorage) this.#startWhenRecovered(control);
    else control.start();
    this.#up.resolve(undefined);
    this.#options.queue.notePromise();
    const era = this.#era;
    for (const [id, { incarnation }] of this.#workers) {
      // It may die of the first one's hello; the next server starts the others.
      if (era !== this.#era) return;
      this.#options.onFault('restart', id);
      this.#startWorker(this.#scenarioOf(id), incarnation + 1);
    }
  }

  /** As the server does: first what a crash interrupted, then invocations. */
  #startWhenRecovered(control: SimControl): void {
    const recoveries = [...this.#storages.values()].map(({ recovered }) => recovered);
    void Promise.all(recoveries).then(() => control.start());
  }

  #endWorker(id: WorkerId): void {
    this.#worker(id).life.end();
    this.#options.faults.count('worker crash');
    this.#options.onFault('crash', id);
  }

  #endStorage(id: StorageId, storage: SimStorage): void {
    this.#options.faults.count('lost save', storage.crash());
    this.#options.onFault('crash', id);
  }

  #restartStorage(id: StorageId): void {
    this.#options.onFault('restart', id);
    this.#startStorage(id);
    // It may have died while the server waited for its recovery.
    if (this.#control.isWaiting) this.#startWhenRecovered(this.#control);
  }

  /** Whatever the server of this era would do; nothing when it has died meanwhile. */
  #inThisEra(atUs: number, turn: () => void): void {
    const era = this.#era;
    this.#options.queue.at(atUs, () => {
      if (era === this.#era) turn();
    });
  }

  #detectionUs(id: WorkerId, incarnation: number): number {
    const { random, scenario } = this.#options;
    return drawInteger(random.fork(`detect ${id}.${incarnation}`), scenario.crashDetectionUs);
  }

  /**
   * Roles are addressed without their incarnation, so a replacement joins when nothing of its
   * predecessor is under way: what it sent has arrived, and storage has forgotten it.
   */
  #replaceWorker(id: WorkerId): void {
    const { queue } = this.#options;
    const { incarnation } = this.#worker(id);
    const storages = [...this.#storages.keys()];
    const isQuiet =
      [...storages, ...this.#workers.keys()].every((to) => this.network.isQuiet(id, to)) &&
      storages.every((to) => this.network.isQuiet(CONTROL_MACHINE, to));
    if (!isQuiet) {
      this.#inThisEra(queue.nowUs + QUIET_POLL_US, () => this.#replaceWorker(id));
      return;
    }
    this.#options.onFault('restart', id);
    this.#startWorker(this.#scenarioOf(id), incarnation + 1);
  }

  #worker(id: WorkerId): SimWorker {
    return must(this.#workers.get(id), `There is no worker ${id}`);
  }

  #scenarioOf(id: WorkerId): ScenarioWorker {
    const worker = this.#options.scenario.workers.find((candidate) => candidate.id === id);
    return must(worker, `The scenario has no worker ${id}`);
  }

  #startWorker(worker: ScenarioWorker, incarnation: number): void {
    this.#workers.set(worker.id, new SimWorker(this.#world, worker, incarnation));
    this.#control.tell(worker, 'joined');
  }

  #startStorage(id: StorageId): void {
    const disk = this.#disks.get(id) ?? new SimDisk();
    this.#disks.set(id, disk);
    const incarnation = (this.#storages.get(id)?.incarnation ?? 0) + 1;
    this.#storages.set(id, new SimStorage(this.#world, id, { disk, incarnation }));
  }

  #beforeDelivery(to: string, life: SimLife, message: RoleMessage): void {
    this.#watch(life.machine);
    if (to === CLIENT) this.#options.queue.notePromise();
    if (!life.isAlive) return;
    this.#options.onDelivery(to, message);
    if (message.type === 'invoked') this.#options.onAnswer(message);
  }
}
