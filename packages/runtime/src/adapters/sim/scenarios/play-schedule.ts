/**
 * Plays a schedule on a simulated cluster: the production roles on simulated machines, every step at
 * its turn, and nothing pushed to a cache before the schedule says so.
 */
import {
  assert,
  must,
  type Capsule,
  type Key,
  type ConsistencyLevel,
  type InvocationAnswer,
  type WorkerId,
} from '@stormglass/core';
import { HashRing } from '../../../storage/hash-ring.ts';
import type { Ownership } from '../../../ports/ownership.ts';
import type { Plant } from '../planted.ts';
import { runSimulation, type Helm } from '../run-simulation.ts';
import { CALM_SCENARIO, type Scenario } from '../scenario.ts';
import type { ClockError } from '../sim-clock.ts';
import type { Passage } from '../sim-network.ts';
import type { SimDisk } from '../sim-store.ts';
import { homeOf, stayHome } from '../two-homes.ts';
import { END_MARK, Outcome, type Mark } from './outcome.ts';
import { parseSchedule } from './parse-schedule.ts';
import type { RunLevels, RunName, Schedule, StageStep } from './schedule.ts';
import {
  argumentsOf,
  clusterFor,
  dagNameOf,
  runsOf,
  settlingOf,
  workersOf,
  type Prompter,
  type ScheduledRun,
} from './schedule-cluster.ts';

export interface PlayOptions {
  readonly level: ConsistencyLevel;
  /** Run → its level, where it is another one. */
  readonly levels?: RunLevels | undefined;
  readonly clocks?: Readonly<Record<WorkerId, Partial<ClockError>>> | undefined;
  readonly seed?: string | undefined;
  /** Puts a defect in the place of a part that works. */
  readonly plant?: Plant | undefined;
}

/** Long enough for every message that is not kept back to arrive. */
const SETTLE_MS = 20;
/** A step that takes longer than this in virtual time never ends. */
const STEP_TIMEOUT_MS = 120_000;

/** @param text in the notation of `schedule.ts` */
export async function playSchedule(text: string, options: PlayOptions): Promise<Outcome> {
  const director = new Director(parseSchedule(text), options);
  const simulation = await runSimulation(options.seed ?? '1', director.scenario, {
    plant: options.plant,
    ring: director.ring,
    steer: (helm) => director.direct(helm),
  });
  return new Outcome({
    simulation,
    scenario: director.scenario,
    runs: director.runs,
    answers: director.answers,
    passages: director.passages,
    marks: director.marks,
  });
}

class Director implements Prompter {
  readonly scenario: Scenario;
  readonly runs: readonly ScheduledRun[];
  readonly answers = new Map<RunName, InvocationAnswer>();
  /** Every message between machines from the first step on. */
  readonly passages: Passage[] = [];
  readonly marks = new Map<string, Mark>();
  readonly ring: Ownership;
  readonly #schedule: Schedule;
  readonly #options: PlayOptions;
  readonly #begun = new Map<RunName, Promise<void>>();
  readonly #done = new Set<number>();
  readonly #disks = new Map<string, SimDisk>();
  /** As {@link kindOf} names them. */
  readonly #kept = new Set<string>();
  #turn = -1;

  constructor(schedule: Schedule, options: PlayOptions) {
    this.#schedule = schedule;
    this.#options = options;
    this.runs = runsOf(schedule);
    this.ring = ringOf(schedule);
    this.scenario = clusterFor(schedule, this, options.clocks);
  }

  isTurnOf(step: number): boolean {
    return this.#turn >= step;
  }

  done(step: number): void {
    this.#done.add(step);
  }

  async direct(helm: Helm): Promise<void> {
    await this.#settleHomes(helm, stayHome.name);
    helm.cluster.network.setGate((passage) => {
      this.passages.push(passage);
      return passage.message.type === 'cache.update' || this.#kept.has(kindOf(passage));
    });
    for (const [number, step] of this.#schedule.steps.entries()) {
      this.#turn = number;
      if (step.what !== 'run') {
        await this.#stage(helm, step);
        continue;
      }
      const run = must(
        this.runs.find(({ name }) => name === step.run),
        step.run,
      );
      if (!this.#begun.has(run.name)) this.#begun.set(run.name, this.#invoke(helm, run));
      if (!step.isAwaited) continue;
      const isOver = (): boolean =>
        this.answers.has(run.name) || (number !== run.lastStep && this.#done.has(number));
      await waitUntil(helm, isOver, `step ${number + 1} of ${run.name}`);
      await helm.wait(SETTLE_MS);
    }
    await Promise.all(this.#begun.values());
    await helm.wait(SETTLE_MS);
    this.#mark(helm, END_MARK, new Map());
  }

  #mark({ cluster }: Helm, mark: string, stored: ReadonlyMap<Key, Capsule>): void {
    const workers = this.scenario.workers.map(({ id }) => id);
    const statistics = new Map(workers.map((id) => [id, cluster.statisticsOf(id)]));
    this.marks.set(mark, { statistics, answered: new Set(this.answers.keys()), stored });
  }

  async #stored({ cluster }: Helm): Promise<ReadonlyMap<Key, Capsule>> {
    const stored = new Map<Key, Capsule>();
    for (const key of keysOf(this.#schedule)) {
      const capsule = await cluster.client.get(key);
      if (capsule !== undefined) stored.set(key, capsule);
    }
    return stored;
  }

  /**
   * One key for each worker that only its cache knows of, so that naming it places a function there.
   * The keys stay absent: what a run reads of them leaves no dependency on what it writes.
   */
  async #settleHomes({ cluster, wait }: Helm, dag: string): Promise<void> {
    const workers = workersOf(this.#schedule);
    const { failure } = await cluster.client.invoke({
      invocation: `${dag} at ${this.#turn}`,
      target: { dag },
      arguments: new Map(workers.map((id) => [id, new Map([['home', { ref: homeOf(id) }]])])),
      consistency: 'lww',
      trace: true,
    });
    assert(failure === undefined, `The stage could not be set: ${failure?.detail}`);
    await wait(100);
  }

  async #invoke({ cluster }: Helm, run: ScheduledRun): Promise<void> {
    const { level, levels } = this.#options;
    const before = this.#schedule.continues.get(run.name);
    const answer = await cluster.client.invoke({
      invocation: run.name,
      target: { dag: dagNameOf(run.name) },
      arguments: new Map(
        run.nodes.map((node) => [
          node.id,
          new Map([
            ['home', { ref: homeOf(node.cache) }],
            ...argumentsOf(node).map((key) => [key, { ref: key }] as const),
          ]),
        ]),
      ),
      consistency: levels?.[run.name] ?? level,
      sessionToken: before === undefined ? undefined : this.answers.get(before)?.sessionToken,
      trace: true,
    });
    this.answers.set(run.name, answer);
  }

  async #stage(helm: Helm, step: StageStep): Promise<void> {
    const { cluster, wait } = helm;
    switch (step.what) {
      case 'init':
      case 'write':
        await cluster.client.put(step.key, JSON.stringify(step.value));
        break;
      case 'erase':
        await cluster.client.delete(step.key);
        break;
      case 'warm':
        await this.#warm(helm, step.cache, step.keys);
        break;
      case 'evict':
        for (const key of step.keys) cluster.evict(step.cache, key);
        break;
      case 'push':
        cluster.network.letPass(isUpdate(step.key, step.cache));
        break;
      case 'hold':
      case 'lose':
      case 'heal':
        this.#setLinks(helm, step);
        break;
      case 'keep':
        for (const machine of this.#machinesOf(step.machine)) {
          this.#kept.add(`${step.type} to ${machine}`);
        }
        break;
      case 'pass':
        for (const machine of this.#machinesOf(step.machine)) {
          const kind = `${step.type} to ${machine}`;
          this.#kept.delete(kind);
          cluster.network.letPass((passage) => kindOf(passage) === kind);
        }
        break;
      case 'crash':
        for (const machine of this.#machinesOf(step.machine)) {
          if (CALM_SCENARIO.storages.includes(machine)) cluster.crashStorage(machine, 1);
          else cluster.crashWorker(machine, 0);
        }
        await wait(100);
        break;
      case 'settle':
        await this.#settleHomes(helm, settlingOf(step.machine));
        break;
      case 'backup': {
        const [storage = ''] = this.#machinesOf(step.machine);
        this.#disks.set(storage, cluster.copyOfDisk(storage));
        break;
      }
      case 'restore': {
        const [storage = ''] = this.#machinesOf(step.machine);
        const disk = must(this.#disks.get(storage), `There is no backup of ${storage}`);
        cluster.crashStorage(storage, 1, disk);
        break;
      }
      case 'mark':
        this.#mark(helm, step.mark, await this.#stored(helm));
        break;
      case 'wait':
        await wait(step.durationMs);
        break;
    }
    await wait(SETTLE_MS);
  }

  #setLinks(
    { cluster }: Helm,
    { what, from, to }: { what: 'hold' | 'lose' | 'heal'; from: string; to: string },
  ): void {
    for (const sender of this.#machinesOf(from)) {
      for (const recipient of this.#machinesOf(to)) {
        if (what === 'hold') cluster.network.hold(sender, recipient);
        else if (what === 'lose') cluster.network.cut(sender, recipient);
        else cluster.network.heal(sender, recipient);
      }
    }
  }

  /** `store` is every storage node, `store(k)` the one that owns k. */
  #machinesOf(name: string): readonly string[] {
    if (name === 'store') return CALM_SCENARIO.storages;
    const owned = /^store\((?<key>.+)\)$/u.exec(name)?.groups?.['key'];
    return [owned === undefined ? name : this.ring.ownerOf('user', owned)];
  }

  async #warm({ cluster }: Helm, cache: WorkerId, keys: readonly string[]): Promise<void> {
    const { failure } = await cluster.client.invoke({
      invocation: `warm ${cache} at ${this.#turn}`,
      target: { dag: 'warm' },
      arguments: new Map([
        [
          'warm',
          new Map<string, { ref: string } | { value: string }>([
            ['home', { ref: homeOf(cache) }],
            ['keys', { value: JSON.stringify(keys) }],
          ]),
        ],
      ]),
      consistency: 'lww',
      trace: true,
    });
    assert(failure === undefined, `${cache} could not be warmed: ${failure?.detail}`);
  }
}

const keysOf = ({ steps }: Schedule): readonly Key[] => {
  const keys = steps.flatMap((step) => {
    if (step.what === 'run') return 'key' in step.operation ? [step.operation.key] : [];
    return step.what === 'init' || step.what === 'write' ? [step.key] : [];
  });
  return [...new Set(keys)].toSorted();
};

const kindOf = ({ message, toMachine }: Passage): string => `${message.type} to ${toMachine}`;

const isUpdate =
  (key: string | undefined, cache: WorkerId | undefined) =>
  ({ message, toMachine }: Passage): boolean =>
    message.type === 'cache.update' &&
    (key === undefined || message.key === key) &&
    (cache === undefined || toMachine === cache);

/** Keys belong where the schedule says, all others where the hash ring puts them. */
function ringOf({ owners }: Schedule): Ownership {
  const ring = new HashRing(CALM_SCENARIO.storages);
  return {
    nodes: ring.nodes,
    ownerOf: (space, key) =>
      (space === 'user' ? owners.get(key) : undefined) ?? ring.ownerOf(space, key),
  };
}

async function waitUntil(helm: Helm, isTrue: () => boolean, what: string): Promise<void> {
  const untilUs = helm.queue.nowUs + STEP_TIMEOUT_MS * 1_000;
  while (!isTrue()) {
    assert(helm.queue.nowUs < untilUs, `This never ended: ${what}`);
    await helm.wait(1);
  }
}
