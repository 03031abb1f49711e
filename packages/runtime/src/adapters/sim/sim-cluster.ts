/**
 * All roles of a cluster on simulated machines: storage nodes and workers each on one of their own, scheduler and client
 * together on `control`, as in the server process. Crashes and restarts them as the supervisor does.
 */
import {
  cacheAddress,
  capsule,
  CLIENT,
  executorAddress,
  must,
  SCHEDULER,
  storageAddress,
  storageCommit,
  type FunctionName,
  type MessageOf,
  type RoleMessage,
  type StorageId,
  type WorkerId,
} from '@stormglass/core';
import { Cache } from '../../cache/cache.ts';
import { Client } from '../../client/client.ts';
import { Executor } from '../../executor/executor.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Random } from '../../ports/random.ts';
import { Scheduler } from '../../scheduler/scheduler.ts';
import { HashRing } from '../../storage/hash-ring.ts';
import type { CommitRecord } from '../../storage/commit-coordinator.ts';
import { StorageNode } from '../../storage/storage-node.ts';
import { drawInteger } from './draws.ts';
import type { EventQueue } from './event-queue.ts';
import { plainDataCodec } from './plain-data-codec.ts';
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
  readonly observe: FunctionObserver;
  readonly onAnswer: (answer: MessageOf<'invoked'>) => void;
  readonly onFault: (kind: 'crash' | 'restart', machine: string) => void;
}

interface SimWorker {
  readonly life: SimLife;
  readonly incarnation: number;
  deliveries: number;
}

interface SimStorage {
  readonly life: SimLife;
  readonly store: SimStore;
}

export class SimCluster {
  readonly network: SimNetwork;
  readonly client: Client;
  readonly #options: SimClusterOptions;
  readonly #ring: HashRing;
  readonly #scripts: ReadonlyMap<FunctionName, Script>;
  readonly #control = new SimLife(CONTROL_MACHINE);
  readonly #workers = new Map<WorkerId, SimWorker>();
  readonly #storages = new Map<StorageId, SimStorage>();
  readonly #disks = new Map<StorageId, SimDisk>();

  constructor(options: SimClusterOptions) {
    const { queue, random, scenario } = options;
    this.#options = options;
    this.#ring = new HashRing(scenario.storages);
    this.#scripts = new Map(scenario.functions.map(({ name, script }) => [name, script]));
    this.network = new SimNetwork({
      queue,
      random: random.fork('network'),
      network: scenario.network,
      beforeDelivery: (to, life, message) => this.#beforeDelivery(to, life, message),
    });
    for (const id of scenario.storages) this.#startStorage(id);
    const scheduler = new Scheduler({
      ports: this.#ports(SCHEDULER, this.#control),
      ring: this.#ring,
    });
    this.client = new Client({
      ports: this.#ports(CLIENT, this.#control),
      ring: this.#ring,
      writer: 'client.1',
    });
    this.network.attach(scheduler, this.#control);
    this.network.attach(this.client, this.#control);
    scheduler.start();
    for (const worker of scenario.workers) this.#startWorker(worker, 1);
  }

  get machines(): readonly string[] {
    return [CONTROL_MACHINE, ...this.#storages.keys(), ...this.#workers.keys()];
  }

  /** Counts of `crashes` begin here: what came before was setting up. */
  startCounting(): void {
    for (const worker of this.#workers.values()) worker.deliveries = 0;
  }

  crashWorker(id: WorkerId, restartAfterMs: number): void {
    const worker = must(this.#workers.get(id), `There is no worker ${id}`);
    if (!worker.life.isAlive) return;
    worker.life.end();
    this.#options.onFault('crash', id);
    const { queue, random, scenario } = this.#options;
    const detection = drawInteger(
      random.fork(`detect ${id}.${worker.incarnation}`),
      scenario.crashDetectionUs,
    );
    // The supervisor sees the connection close, so after everything that was sent over it.
    const seenUs = Math.max(queue.nowUs + detection, this.network.quietAtUs(id, CONTROL_MACHINE));
    queue.at(seenUs, () => this.#tellScheduler(this.#workerOf(id), 'lost'));
    queue.at(seenUs + restartAfterMs * 1000, () => {
      this.#options.onFault('restart', id);
      this.#startWorker(this.#workerOf(id), worker.incarnation + 1);
    });
  }

  crashStorage(id: StorageId, restartAfterMs: number): void {
    const storage = must(this.#storages.get(id), `There is no storage node ${id}`);
    if (!storage.life.isAlive) return;
    storage.life.end();
    storage.store.crash();
    this.#options.onFault('crash', id);
    this.#options.queue.after(restartAfterMs * 1000, () => {
      this.#options.onFault('restart', id);
      this.#startStorage(id);
    });
  }

  #workerOf(id: WorkerId): ScenarioWorker {
    const worker = this.#options.scenario.workers.find((candidate) => candidate.id === id);
    return must(worker, `The scenario has no worker ${id}`);
  }

  #startWorker(worker: ScenarioWorker, incarnation: number): void {
    const { queue, random, scenario, observe } = this.#options;
    const { id } = worker;
    const life = new SimLife(id);
    this.#workers.set(id, { life, incarnation, deliveries: 0 });
    const portsOf = (address: string): Ports => this.#ports(address, life, worker.clock);
    const ports = portsOf(cacheAddress(id));
    this.network.attach(new Cache({ worker: id, incarnation, ports, ring: this.#ring }), life);
    for (const executor of executorsOf(worker)) {
      const host = new SimFunctionHost({
        queue,
        random: random.fork(`host ${executor}.${incarnation}`),
        life,
        scripts: this.#scripts,
        startUs: scenario.functionStartUs,
        observe,
      });
      const executorPorts = portsOf(executorAddress(executor));
      this.network.attach(
        new Executor({ id: executor, worker: id, ports: executorPorts, host }),
        life,
      );
    }
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
    this.#storages.set(id, { life, store });
    const node = new StorageNode({
      id,
      ports: this.#ports(storageAddress(id), life),
      store,
      codec: plainDataCodec((data) => capsule.parse(data)),
      recordCodec: plainDataCodec<CommitRecord>((data) => commitRecord.parse(data)),
      ring: this.#ring,
      onStoreFailure: (cause) => {
        throw cause;
      },
    });
    this.network.attach(node, life);
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

  #beforeDelivery(_to: string, life: SimLife, message: RoleMessage): void {
    if (message.type === 'invoked') this.#options.onAnswer(message);
    const worker = this.#workers.get(life.machine);
    if (worker === undefined || worker.life !== life) return;
    worker.deliveries += 1;
    const plan = this.#options.scenario.crashes.find(
      ({ worker: id, atDelivery }) =>
        id === life.machine && atDelivery === worker.deliveries && worker.incarnation === 1,
    );
    if (plan !== undefined) this.crashWorker(plan.worker, plan.restartAfterMs);
  }
}

const SUPERVISOR = 'supervisor';

const commitRecord = storageCommit.pick({ invocation: true, attempt: true, writes: true });

const executorsOf = (worker: ScenarioWorker): readonly string[] =>
  Array.from({ length: worker.executors }, (_, index) => `${worker.id}/e${index + 1}`);
