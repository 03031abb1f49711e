/**
 * What all machines of a simulation share, and the ports that it gives to their roles.
 */
import type { Ownership } from '../../ports/ownership.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Random } from '../../ports/random.ts';
import { diskCodecs, type DiskCodecs } from './disk-codecs.ts';
import type { EventQueue } from './event-queue.ts';
import type { FaultCounter } from './faults.ts';
import type { Planted } from './planted.ts';
import type { Scenario } from './scenario.ts';
import { EXACT_CLOCK, simClock, WallClock } from './sim-clock.ts';
import type { SimEventLog } from './sim-event-sink.ts';
import type { FunctionObserver } from './sim-function-host.ts';
import type { SimLife } from './sim-life.ts';
import type { SimNetwork } from './sim-network.ts';
import { simTimers } from './sim-timers.ts';

export interface SimWorldOptions {
  readonly queue: EventQueue;
  readonly random: Random;
  readonly log: SimEventLog;
  readonly scenario: Scenario;
  readonly ring: Ownership;
  readonly faults: FaultCounter;
  readonly planted: Planted | undefined;
  readonly observe: FunctionObserver;
  readonly network: SimNetwork;
  /** Whether everything is checked by its schema that crosses a border. */
  readonly isStrict: boolean;
}

export class SimWorld {
  readonly queue: EventQueue;
  readonly random: Random;
  readonly scenario: Scenario;
  readonly ring: Ownership;
  readonly faults: FaultCounter;
  readonly planted: Planted | undefined;
  readonly observe: FunctionObserver;
  readonly network: SimNetwork;
  readonly codecs: DiskCodecs;
  readonly #log: SimEventLog;
  /** By machine: a clock is as wrong after a restart as before. */
  readonly #walls = new Map<string, WallClock>();

  constructor(options: SimWorldOptions) {
    this.queue = options.queue;
    this.random = options.random;
    this.scenario = options.scenario;
    this.ring = options.ring;
    this.faults = options.faults;
    this.planted = options.planted;
    this.observe = options.observe;
    this.network = options.network;
    this.codecs = diskCodecs(options.isStrict);
    this.#log = options.log;
  }

  portsOf(address: string, life: SimLife): Ports {
    const { queue, network } = this;
    return {
      clock: simClock(queue, this.wallOf(life.machine)),
      timers: simTimers(queue, life),
      random: this.random.fork(`${address} from ${queue.nowUs}`),
      transport: network.transportOf(address, life),
      events: this.#log.sinkOf(life),
    };
  }

  wallOf(machine: string): WallClock {
    const known = this.#walls.get(machine);
    if (known !== undefined) return known;
    const error = this.scenario.workers.find(({ id }) => id === machine)?.clock ?? EXACT_CLOCK;
    if (error.skewMs !== 0 || error.driftPpm !== 0) this.faults.count('wrong clock');
    const wall = new WallClock(this.queue, error);
    this.#walls.set(machine, wall);
    return wall;
  }
}
