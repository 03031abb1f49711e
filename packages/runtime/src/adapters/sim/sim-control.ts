/**
 * The control machine: scheduler and client in one process, and the supervisor that tells the
 * scheduler of workers. A crash loses what was under way and whoever waits for an answer.
 */
import { CLIENT, SCHEDULER } from '@stormglass/core';
import { Client } from '../../client/client.ts';
import { Scheduler } from '../../scheduler/scheduler.ts';
import { CONTROL_MACHINE, type ScenarioWorker } from './scenario.ts';
import { SimLife } from './sim-life.ts';
import { executorsOf } from './sim-worker.ts';
import type { SimWorld } from './sim-world.ts';

const SUPERVISOR = 'supervisor';

export class SimControl {
  readonly life = new SimLife(CONTROL_MACHINE);
  readonly client: Client;
  /** Resolves when the process dies. */
  readonly lost: Promise<'lost'>;
  readonly #world: SimWorld;
  readonly #scheduler: Scheduler;
  #isStarted = false;
  readonly #lose: (lost: 'lost') => void;

  constructor(world: SimWorld, incarnation: number) {
    const { ring, planted, network } = world;
    this.#world = world;
    const { promise, resolve } = Promise.withResolvers<'lost'>();
    this.lost = promise;
    this.#lose = resolve;
    const ports = world.portsOf(SCHEDULER, this.life);
    this.#scheduler = new Scheduler({
      ports,
      ring,
      strategies: planted?.strategies,
      incarnation,
    });
    this.client = new Client({
      ports: world.portsOf(CLIENT, this.life),
      ring,
      incarnation,
      writer: `client.${incarnation}`,
    });
    network.attach(this.#scheduler, this.life);
    network.attach(this.client, this.life);
  }

  /** Whether it has not been told yet to begin. */
  get isWaiting(): boolean {
    return this.life.isAlive && !this.#isStarted;
  }

  start(): void {
    if (!this.isWaiting) return;
    this.#isStarted = true;
    this.#scheduler.start();
  }

  crash(): void {
    this.life.end();
    this.#world.queue.notePromise();
    this.#lose('lost');
  }

  /** As the supervisor of the worker processes, which is part of the server. */
  tell(worker: ScenarioWorker, status: 'joined' | 'lost'): void {
    this.#world.network.transportOf(SUPERVISOR, this.life).send(SCHEDULER, {
      type: 'scheduler.worker',
      worker: worker.id,
      executors: [...executorsOf(worker)],
      status,
    });
  }
}
