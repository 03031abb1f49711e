/**
 * All roles of a cluster on simulated machines: storage nodes and workers each on one of their own,
 * scheduler and client together on `control`, as in the server process. Crashes and restarts them
 * as the supervisor does.
 */
import {
  answerRecord,
  cacheAddress,
  capsule,
  CLIENT,
  commitRecord,
  executorAddress,
  must,
  SCHEDULER,
  startSession,
  storageAddress,
  type CapsuleOrAbsent,
  type FunctionName,
  type Key,
  type MessageOf,
  type RoleMessage,
  type StorageId,
  type WorkerId,
} from '@stormglass/core';
import { Cache, type CacheStatistics } from '../../cache/cache.ts';
import { Client } from '../../client/client.ts';
import { Executor } from '../../executor/executor.ts';
import type { Ownership } from '../../ports/ownership.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Random } from '../../ports/random.ts';
import type { Role } from '../../ports/transport.ts';
import { Scheduler } from '../../scheduler/scheduler.ts';
import { HashRing } from '../../storage/hash-ring.ts';
import { StorageNode } from '../../storage/storage-node.ts';
import { drawInteger } from './draws.ts';
import type { EventQueue } from './event-queue.ts';
import type { FaultCounter } from './faults.ts';
import { plainDataCodec } from './plain-data-codec.ts';
import type { Planted, Surroundings } from './planted.ts';
import { CONTROL_MACHINE, type Scenario, type ScenarioWorker } from './scenario.ts';
import type { Script } from './script.ts';
import { EXACT_CLOCK, simClock, type ClockError } from './sim-clock.ts';
import type { SimEventLog } from './sim-event-sink.ts';
import { SimFunctionHost, type FunctionObserver } from './sim-function-host.ts';
import { SimLife } from './sim-life.ts';
import { SimNetwork } from './sim-network.ts';
import { SimDisk, SimStore } from './sim-store.ts';
import { simTimers } from './sim-timers.ts';

export interface SimClusterOptions {
  readonly queue: EventQueue;
  readonly random: Random;
  readonly log: SimEventLog;
  readonly scenario: Scenario;
  readonly planted?: Planted | undefined;
  readonly isStrict: boolean;
  readonly faults: FaultCounter;
  readonly ring: Ownership | undefined;
  readonly observe: FunctionObserver;
  readonly onAnswer: (answer: MessageOf<'invoked'>) => void;
  readonly onFault: (kind: 'crash' | 'restart', machine: string) => void;
}

interface SimWorker {
  readonly life: SimLife;
  readonly incarnation: number;
  readonly cache: Cache;
  readonly executors: readonly Executor[];
  deliveries: number;
}

interface SimStorage {
  readonly life: SimLife;
  readonly store: SimStore;
  readonly incarnation: number;
}

export class SimCluster {
  readonly network: SimNetwork;
  readonly client: Client;
  readonly #options: SimClusterOptions;
  readonly #ring: Ownership;
  readonly #scripts: ReadonlyMap<FunctionName, Script>;
  readonly #control = new SimLife(CONTROL_MACHINE);
  readonly #workers = new Map<WorkerId, SimWorker>();
  readonly #storages = new Map<StorageId, SimStorage>();
  readonly #disks = new Map<StorageId, SimDisk>();
  #mayCrash = false;

  constructor(options: SimClusterOptions) {
    const { queue, random, scenario, isStrict, faults } = options;
    this.#options = options;
    this.#ring = options.ring ?? new HashRing(scenario.storages);
    this.#scripts = new Map(scenario.functions.map(({ name, script }) => [name, script]));
    this.network = new SimNetwork({
      queue,
      random: random.fork('network'),
      network: scenario.network,
      isStrict,
      faults,
      beforeDelivery: (to, life, message) => this.#beforeDelivery(to, life, message),
    });
    for (const id of scenario.storages) this.#startStorage(id);
    const scheduler = new Scheduler({
      ports: this.#ports(SCHEDULER, this.#control),
      ring: this.#ring,
      strategies: options.planted?.strategies,
      incarnation: 1,
    });
    this.client = new Client({
      ports: this.#ports(CLIENT, this.#control),
      ring: this.#ring,
      incarnation: 1,
      writer: 'client.1',
    });
    this.network.attach(scheduler, this.#control);
    this.network.attach(this.client, this.#control);
    scheduler.start();
    for (const worker of scenario.workers) {
      if (worker.clock.skewMs !== 0 || worker.clock.driftPpm !== 0) faults.count('wrong clock');
      this.#startWorker(worker, 1);
    }
  }

  /** What each worker that is alive keeps and runs. */
  leftovers(): readonly {
    readonly worker: WorkerId;
    readonly pinned: number;
    readonly calls: number;
  }[] {
    return [...this.#workers].flatMap(([worker, { life, cache, executors }]) => {
      if (!life.isAlive) return [];
      const calls = executors.reduce((sum, executor) => sum + executor.statistics().calls, 0);
      return [{ worker, pinned: cache.statistics().pinned, calls }];
    });
  }

  /**
   * What the worker's cache serves for a key to someone who knows nothing, as an executor would ask
   * it.
   */
  ask(worker: WorkerId, key: Key): Promise<CapsuleOrAbsent> {
    const { life } = must(this.#workers.get(worker), `There is no worker ${worker}`);
    const probe = `executor/${worker}/probe ${key}`;
    return new Promise((resolve) => {
      const receive = (message: RoleMessage): void => {
        if (message.type !== 'cache.got') return;
        this.#options.queue.notePromise();
        resolve(message.found[0] ?? 'absent');
      };
      this.network.attach({ address: probe, receive, close: () => undefined }, life);
      this.network.transportOf(probe, life).send(cacheAddress(worker), {
        type: 'cache.get',
        request: 1,
        from: probe,
        executor: probe,
        node: 'probe',
        session: startSession({ invocation: probe, attempt: 1, level: 'lww' }),
        trace: false,
        keys: [key],
      });
    });
  }

  /** Drops a key from a worker's cache, as memory pressure would. */
  evict(worker: WorkerId, key: Key): void {
    must(this.#workers.get(worker), `There is no worker ${worker}`).cache.evict(key);
  }

  statisticsOf(worker: WorkerId): CacheStatistics {
    return must(this.#workers.get(worker), `There is no worker ${worker}`).cache.statistics();
  }

  /** What is on a storage node's disk now, to be given to {@link crashStorage} later. */
  copyOfDisk(storage: StorageId): SimDisk {
    const disk = must(this.#disks.get(storage), `There is no storage node ${storage}`);
    const copy = new SimDisk();
    for (const [key, bytes] of disk.entries) copy.entries.set(key, bytes.slice());
    return copy;
  }

  /** Planned crashes happen from here on: what came before was setting up. */
  startCrashes(): void {
    this.#mayCrash = true;
  }

  stopCrashes(): void {
    this.#mayCrash = false;
  }

  crashWorker(id: WorkerId, restartAfterMs: number): void {
    const worker = must(this.#workers.get(id), `There is no worker ${id}`);
    if (!worker.life.isAlive) return;
    worker.life.end();
    this.#options.faults.count('worker crash');
    this.#options.onFault('crash', id);
    const { queue, random, scenario } = this.#options;
    const detection = drawInteger(
      random.fork(`detect ${id}.${worker.incarnation}`),
      scenario.crashDetectionUs,
    );
    // The supervisor sees the connection close, so after everything that was sent over it.
    const seenUs = Math.max(queue.nowUs + detection, this.network.quietAtUs(id, CONTROL_MACHINE));
    queue.at(seenUs, () => this.#tellScheduler(this.#workerOf(id), 'lost'));
    queue.at(seenUs + Math.max(PROCESS_START_US, restartAfterMs * 1000), () =>
      this.#replaceWorker(id),
    );
  }

  /** @param disk what the node finds when it is back, where that is not what it left */
  crashStorage(id: StorageId, restartAfterMs: number, disk?: SimDisk): void {
    const storage = must(this.#storages.get(id), `There is no storage node ${id}`);
    if (!storage.life.isAlive) return;
    storage.life.end();
    storage.store.crash();
    this.#options.faults.count('storage crash');
    if (disk !== undefined) this.#disks.set(id, disk);
    this.#options.onFault('crash', id);
    this.#options.queue.after(restartAfterMs * 1000, () => {
      this.#options.onFault('restart', id);
      this.#startStorage(id);
    });
  }

  /**
   * Roles are addressed without their incarnation, so a replacement joins when nothing of its
   * predecessor is under way: what it sent has arrived, and storage has forgotten it.
   */
  #replaceWorker(id: WorkerId): void {
    const { queue } = this.#options;
    const { incarnation } = must(this.#workers.get(id), `There is no worker ${id}`);
    const storages = [...this.#storages.keys()];
    const quietUs = Math.max(
      ...[...storages, ...this.#workers.keys()].map((to) => this.network.quietAtUs(id, to)),
      ...storages.map((to) => this.network.quietAtUs(CONTROL_MACHINE, to)),
    );
    if (quietUs > queue.nowUs) {
      queue.at(quietUs, () => this.#replaceWorker(id));
      return;
    }
    this.#options.onFault('restart', id);
    this.#startWorker(this.#workerOf(id), incarnation + 1);
  }

  #workerOf(id: WorkerId): ScenarioWorker {
    const worker = this.#options.scenario.workers.find((candidate) => candidate.id === id);
    return must(worker, `The scenario has no worker ${id}`);
  }

  #startWorker(worker: ScenarioWorker, incarnation: number): void {
    const { queue, random, scenario, observe, planted } = this.#options;
    const strategies = planted?.strategies;
    const { id } = worker;
    const life = new SimLife(id);
    const portsOf = (address: string): Ports => this.#ports(address, life, worker.clock);
    const ports = portsOf(cacheAddress(id));
    const cache = new Cache({ worker: id, incarnation, ports, ring: this.#ring, strategies });
    const executors = executorsOf(worker).map((executor) => {
      const host = new SimFunctionHost({
        queue,
        random: random.fork(`host ${executor}.${incarnation}`),
        life,
        scripts: this.#scripts,
        startUs: scenario.functionStartUs,
        observe,
      });
      const executorPorts = portsOf(executorAddress(executor));
      return new Executor({
        id: executor,
        incarnation,
        worker: id,
        ports: executorPorts,
        host: planted?.host?.(host) ?? host,
        strategies,
      });
    });
    for (const role of [cache, ...executors]) this.network.attach(role, life);
    this.#workers.set(id, { life, incarnation, cache, executors, deliveries: 0 });
    this.#tellScheduler(worker, 'joined');
  }

  #startStorage(id: StorageId): void {
    const { queue, random, scenario } = this.#options;
    const life = new SimLife(id);
    const disk = this.#disks.get(id) ?? new SimDisk();
    this.#disks.set(id, disk);
    const store = new SimStore({
      queue,
      random: random.fork(`disk ${id} from ${queue.nowUs}`),
      life,
      disk,
      delayUs: scenario.diskUs,
    });
    const incarnation = (this.#storages.get(id)?.incarnation ?? 0) + 1;
    this.#storages.set(id, { life, store, incarnation });
    const ports = this.#ports(storageAddress(id), life);
    const around = this.#options.planted?.aroundStorage?.(ports);
    const node = new StorageNode({
      id,
      incarnation,
      ports: around?.ports ?? ports,
      store,
      codec: plainDataCodec((data) => capsule.parse(data)),
      recordCodec: plainDataCodec((data) => commitRecord.parse(data)),
      answerCodec: plainDataCodec((data) => answerRecord.parse(data)),
      ring: this.#ring,
      strategies: this.#options.planted?.strategies,
      onStoreFailure: (cause) => {
        throw cause;
      },
    });
    this.network.attach(around === undefined ? node : surrounded(node, around), life);
    void node.recover();
  }

  #ports(address: string, life: SimLife, clock: ClockError = EXACT_CLOCK): Ports {
    const { queue, random, log } = this.#options;
    return {
      clock: simClock(queue, clock),
      timers: simTimers(queue, life),
      random: random.fork(`${address} from ${queue.nowUs}`),
      transport: this.network.transportOf(address, life),
      events: log.sinkOf(life),
    };
  }

  /** As the supervisor of the worker processes, which is part of the server. */
  #tellScheduler(worker: ScenarioWorker, status: 'joined' | 'lost'): void {
    this.network.transportOf(SUPERVISOR, this.#control).send(SCHEDULER, {
      type: 'scheduler.worker',
      worker: worker.id,
      executors: [...executorsOf(worker)],
      status,
    });
  }

  #beforeDelivery(to: string, life: SimLife, message: RoleMessage): void {
    if (to === CLIENT) this.#options.queue.notePromise();
    if (message.type === 'invoked') this.#options.onAnswer(message);
    const worker = this.#workers.get(life.machine);
    if (worker === undefined || worker.life !== life || !this.#mayCrash) return;
    worker.deliveries += 1;
    const plan = this.#options.scenario.crashes.find(
      ({ worker: id, atDelivery }) =>
        id === life.machine && atDelivery === worker.deliveries && worker.incarnation === 1,
    );
    if (plan !== undefined) this.crashWorker(plan.worker, plan.restartAfterMs);
  }
}

const surrounded = (role: Role, around: Surroundings): Role => ({
  address: role.address,
  receive: (message) => around.receive(message, (passed) => role.receive(passed)),
  close: () => role.close(),
});

const SUPERVISOR = 'supervisor';

/** A replacement takes at least this long, so the scheduler has heard of the loss. */
const PROCESS_START_US = 100;

const executorsOf = (worker: ScenarioWorker): readonly string[] =>
  Array.from({ length: worker.executors }, (_, index) => `${worker.id}/e${index + 1}`);
