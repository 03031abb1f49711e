/**
 * A worker on its simulated machine: a cache and its executors, all of which a crash loses.
 */
import {
  cacheAddress,
  executorAddress,
  startSession,
  type CapsuleOrAbsent,
  type FunctionName,
  type Key,
  type RoleMessage,
} from '@stormglass/core';
import { Cache } from '../../cache/cache.ts';
import { Executor } from '../../executor/executor.ts';
import type { ScenarioWorker } from './scenario.ts';
import type { Script } from './script.ts';
import { SimFunctionHost } from './sim-function-host.ts';
import { SimLife } from './sim-life.ts';
import type { SimWorld } from './sim-world.ts';

export class SimWorker {
  readonly life: SimLife;
  readonly incarnation: number;
  readonly cache: Cache;
  readonly #executors: readonly Executor[];
  readonly #worker: ScenarioWorker;
  readonly #world: SimWorld;

  constructor(world: SimWorld, worker: ScenarioWorker, incarnation: number) {
    const { id } = worker;
    const { ring, planted } = world;
    this.#world = world;
    this.#worker = worker;
    this.life = new SimLife(id);
    this.incarnation = incarnation;
    this.cache = new Cache({
      worker: id,
      incarnation,
      ports: world.portsOf(cacheAddress(id), this.life),
      ring,
      bytesMax: worker.cacheBytesMax,
      attemptLeaseMs: world.scenario.attemptLeaseMs,
      pace: world.scenario.pace,
      strategies: planted?.strategies,
    });
    const scripts = new Map<FunctionName, Script>(
      world.scenario.functions.map(({ name, script }) => [name, script]),
    );
    this.#executors = executorsOf(worker).map((executor) => this.#executorOf(executor, scripts));
    for (const role of [this.cache, ...this.#executors]) world.network.attach(role, this.life);
  }

  /** What it keeps and runs. */
  leftovers(): { readonly pinned: number; readonly calls: number } {
    const calls = this.#executors.reduce((sum, executor) => sum + executor.statistics().calls, 0);
    return { pinned: this.cache.statistics().pinned, calls };
  }

  /** Functions that are compiled and warm on any of its executors. */
  pinnedFunctions(): ReadonlySet<FunctionName> {
    return new Set(this.#executors.flatMap((role) => role.statistics().pinnedFunctions));
  }

  /**
   * What the cache serves for a key to someone who knows nothing, as an executor would ask it.
   */
  ask(key: Key): Promise<CapsuleOrAbsent> {
    const { network, queue } = this.#world;
    const { id } = this.#worker;
    const probe = `executor/${id}/probe ${key}`;
    const transport = network.transportOf(probe, this.life);
    const ask = (): void =>
      transport.send(cacheAddress(id), {
        type: 'cache.get',
        request: 1,
        from: probe,
        executor: probe,
        node: 'probe',
        session: startSession({ invocation: probe, attempt: 1, level: 'lww' }),
        trace: false,
        keys: [key],
      });
    return new Promise((resolve) => {
      const receive = (message: RoleMessage): void => {
        if (message.type !== 'cache.got') return;
        // Messages may be lost for ever, so storage may stay silent for as long as a read waits.
        if (message.failure !== undefined) {
          ask();
          return;
        }
        queue.notePromise();
        resolve(message.found[0] ?? 'absent');
      };
      network.attach({ address: probe, receive, close: () => undefined }, this.life);
      ask();
    });
  }

  #executorOf(executor: string, scripts: ReadonlyMap<FunctionName, Script>): Executor {
    const { queue, random, scenario, observe, planted } = this.#world;
    const host = new SimFunctionHost({
      queue,
      random: random.fork(`host ${executor}.${this.incarnation}`),
      life: this.life,
      scripts,
      startUs: scenario.functionStartUs,
      observe,
    });
    const ports = this.#world.portsOf(executorAddress(executor), this.life);
    return new Executor({
      id: executor,
      incarnation: this.incarnation,
      worker: this.#worker.id,
      ports,
      storages: scenario.storages,
      host: planted?.host?.(host) ?? host,
      strategies: planted?.strategies,
    });
  }
}

export const executorsOf = (worker: ScenarioWorker): readonly string[] =>
  Array.from({ length: worker.executors }, (_, index) => `${worker.id}/e${index + 1}`);
