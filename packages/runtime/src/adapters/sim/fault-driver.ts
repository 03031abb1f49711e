/**
 * Injects the faults of a scenario: begins each at its moment and ends it after its time, or when
 * everything heals.
 */
import { must } from '@stormglass/core';
import type { Cancel } from '../../ports/timers.ts';
import type { EventQueue } from './event-queue.ts';
import type { FaultCounter, FaultKind } from './faults.ts';
import type { FaultOf, PlannedFault } from './planned-fault.ts';
import { CONTROL_MACHINE, SERVER_MACHINE, type Scenario } from './scenario.ts';
import type { SimCluster } from './sim-cluster.ts';
import type { Tracer } from './trace/trace-step.ts';

export interface FaultDriverOptions {
  readonly queue: EventQueue;
  readonly cluster: SimCluster;
  readonly scenario: Scenario;
  readonly faults: FaultCounter;
  readonly trace: Tracer | undefined;
}

type Crash = FaultOf<'crash'>;

/** The crashes at the n-th message that a machine would have got. */
const crashesAtDelivery = ({ faults }: Scenario) =>
  faults.flatMap((fault) =>
    fault.kind === 'crash' && 'atDelivery' in fault.when
      ? [{ fault, machine: fault.machine, atDelivery: fault.when.atDelivery }]
      : [],
  );

export class FaultDriver {
  readonly #options: FaultDriverOptions;
  /** What ends a fault that has begun. */
  readonly #ends = new Map<string, () => void>();
  readonly #timers: Cancel[] = [];
  readonly #crashesAtDelivery: ReturnType<typeof crashesAtDelivery>;
  /** Messages that each machine would have got. */
  readonly #deliveries = new Map<string, number>();
  #isOn = false;

  constructor(options: FaultDriverOptions) {
    this.#options = options;
    this.#crashesAtDelivery = crashesAtDelivery(options.scenario);
    options.cluster.watchDeliveries((machine) => this.#onDelivery(machine));
  }

  /** What comes before is setting up, and goes well. */
  start(): void {
    this.#isOn = true;
    for (const fault of this.#options.scenario.faults) {
      if ('atMs' in fault) this.#later(fault.atMs, () => this.#begin(fault));
      else if ('atMs' in fault.when) this.#later(fault.when.atMs, () => this.#crash(fault));
    }
  }

  /** Nothing begins any more, and what has begun ends. */
  stop(): void {
    this.#isOn = false;
    for (const cancel of this.#timers) cancel();
    for (const end of this.#ends.values()) end();
    this.#ends.clear();
    this.#tell('everything heals');
  }

  #onDelivery(machine: string): void {
    if (!this.#isOn || this.#crashesAtDelivery.length === 0) return;
    const count = (this.#deliveries.get(machine) ?? 0) + 1;
    this.#deliveries.set(machine, count);
    for (const crash of this.#crashesAtDelivery) {
      if (crash.machine === machine && crash.atDelivery === count) this.#crash(crash.fault);
    }
  }

  #crash({ machine, restartAfterMs }: Crash): void {
    const { cluster, scenario } = this.#options;
    if (machine === SERVER_MACHINE || machine === CONTROL_MACHINE) {
      cluster.crashServer(restartAfterMs, { withStorage: machine === SERVER_MACHINE });
    } else if (isWorker(scenario, machine)) cluster.crashWorker(machine, restartAfterMs);
    else cluster.crashStorage(machine, restartAfterMs);
  }

  #begin(fault: Exclude<PlannedFault, Crash>): void {
    const { cluster } = this.#options;
    const { id, ...measures } = fault;
    this.#tell(`${id} begins: ${JSON.stringify(measures)}`);
    switch (fault.kind) {
      case 'partition':
        this.#partition(fault);
        break;
      case 'clock-jump':
        this.#count('clock jump');
        cluster.jumpClock(fault.machine, fault.byMs);
        break;
      case 'slow-node':
        this.#count('slow node');
        cluster.network.setSlow(fault.machine, fault.extraUs);
        this.#endAfter(fault, () => cluster.network.setSlow(fault.machine, undefined));
        break;
      case 'slow-disk': {
        const disk = cluster.diskOf(fault.machine);
        this.#count('slow disk');
        disk.extraUs = fault.extraUs;
        this.#endAfter(fault, () => {
          disk.extraUs = undefined;
        });
        break;
      }
      case 'pause': {
        const life = cluster.lifeOf(fault.machine);
        this.#count('pause');
        life.pauseUntil(this.#options.queue.nowUs + fault.durationMs * 1000);
        break;
      }
      case 'evictions':
        this.#evict(fault, 0);
        break;
    }
  }

  #partition(fault: FaultOf<'partition'>): void {
    const { network } = this.#options.cluster;
    const links = linksOf(fault);
    const begin = (): void => {
      for (const [from, to] of links) {
        if (fault.manner === 'hold') network.hold(from, to, fault.id);
        else network.cut(from, to, fault.id);
      }
    };
    const end = (): void => {
      for (const [from, to] of links) network.heal(from, to, fault.id);
    };
    const { flapMs } = fault;
    let isOn = true;
    const flap = (afterMs: number): void =>
      this.#later(afterMs, () => {
        if (!this.#ends.has(fault.id)) return;
        if (isOn) end();
        else begin();
        isOn = !isOn;
        flap(afterMs);
      });
    begin();
    this.#endAfter(fault, end);
    if (flapMs !== undefined) flap(flapMs);
  }

  #evict(fault: FaultOf<'evictions'>, round: number): void {
    const key = must(fault.keys[round % fault.keys.length], 'a storm evicts some keys');
    this.#count('eviction');
    this.#options.cluster.evict(fault.machine, key);
    const next = round + 1;
    if (next * fault.everyMs > fault.durationMs) return;
    this.#later(fault.everyMs, () => this.#evict(fault, next));
  }

  #endAfter(fault: { readonly id: string; readonly durationMs: number }, end: () => void): void {
    this.#ends.set(fault.id, end);
    this.#later(fault.durationMs, () => {
      if (!this.#ends.delete(fault.id)) return;
      end();
      this.#tell(`${fault.id} ends`);
    });
  }

  #later(afterMs: number, turn: () => void): void {
    this.#timers.push(this.#options.queue.after(afterMs * 1000, turn));
  }

  #tell(text: string): void {
    this.#options.trace?.({ kind: 'fault', atUs: this.#options.queue.nowUs, text });
  }

  #count(kind: FaultKind): void {
    this.#options.faults.count(kind);
  }
}

const isWorker = ({ workers }: Scenario, machine: string): boolean =>
  workers.some(({ id }) => id === machine);

/** In one direction each. */
const linksOf = ({
  from,
  to,
  isOneWay,
}: FaultOf<'partition'>): readonly (readonly [string, string])[] => {
  const there = from.flatMap((one) => to.map((other) => [one, other] as const));
  return isOneWay ? there : [...there, ...there.map(([one, other]) => [other, one] as const)];
};
