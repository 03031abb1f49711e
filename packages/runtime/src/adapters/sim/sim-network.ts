/**
 * The Transport port between simulated machines. Every message is copied on the way, as at a real
 * process border, and where that is asked for through its schema. From one sender to one recipient
 * messages arrive once and in order; everything else is the seed's choice, and the scenario's where
 * it holds or cuts a link.
 */
import { assert, roleMessage, type RoleMessage } from '@stormglass/core';
import type { Random } from '../../ports/random.ts';
import type { Address, Role, Transport } from '../../ports/transport.ts';
import { drawChance, drawInteger, type Range } from './draws.ts';
import type { EventQueue } from './event-queue.ts';
import type { FaultCounter } from './faults.ts';
import { copyPlainData } from './plain-data-copy.ts';
import type { SimLife } from './sim-life.ts';

export interface NetworkOptions {
  /** Between machines. */
  readonly delayUs: Range;
  /** The share of messages that take `slowUs` longer, and hold up those behind them. */
  readonly slowShare: number;
  readonly slowUs: Range;
  /** Whether roles of one machine call each other inside `send`, or one turn later. */
  readonly isLocalInline: boolean;
  /** The share of idempotent messages that arrive twice. */
  readonly duplicateShare: number;
  /**
   * What storage pushes reaches caches at this interval, of which every storage node has its own
   * phase, and does not hold up the messages behind it. Without one it travels as all else does.
   */
  readonly refreshMs?: number | undefined;
}

/** Messages that their recipients must take more than once, by the contract of core/wire/role. */
const repeatable: ReadonlySet<RoleMessage['type']> = new Set([
  'executor.trigger',
  'cache.update',
  'storage.merge',
  'storage.commit',
]);

/** Calls of `send` that may stand inside each other; deeper ones get turns of their own. */
const LOCAL_DEPTH_MAX = 200;

interface Attachment {
  readonly role: Role;
  readonly life: SimLife;
}

interface Delivery {
  readonly from: Address;
  readonly to: Address;
  readonly message: RoleMessage;
  readonly sender: SimLife;
  /** Only this incarnation of the recipient may get it. */
  readonly recipient: Attachment;
}

/** A message between two machines, as a gate sees it. */
export interface Passage {
  readonly from: Address;
  readonly to: Address;
  readonly fromMachine: string;
  readonly toMachine: string;
  readonly message: RoleMessage;
}

/** `held` links keep messages until they are released; `cut` links lose them. */
interface Fault {
  readonly kind: 'held' | 'cut';
  readonly waiting: Delivery[];
}

const linkOf = (from: string, to: string): string => `${from}\n${to}`;

const passageOf = ({ from, to, message, sender, recipient }: Delivery): Passage => ({
  from,
  to,
  fromMachine: sender.machine,
  toMachine: recipient.life.machine,
  message,
});

export class SimNetwork {
  readonly #queue: EventQueue;
  readonly #random: Random;
  readonly #options: NetworkOptions;
  readonly #copy: (message: RoleMessage) => RoleMessage;
  readonly #faultCounter: FaultCounter;
  readonly #beforeDelivery: (to: Address, life: SimLife, message: RoleMessage) => void;
  readonly #roles = new Map<Address, Attachment>();
  readonly #arrivedUntilUs = new Map<string, number>();
  /** As {@link #arrivedUntilUs}, by machines. */
  readonly #quietAtUs = new Map<string, number>();
  readonly #faults = new Map<string, Fault>();
  readonly #atGate: Delivery[] = [];
  #gate: ((passage: Passage) => boolean) | undefined;
  /** Of each process: calls of `send` that stand inside each other, and messages that wait. */
  readonly #local = new Map<SimLife, { depth: number; waiting: number }>();

  constructor(options: {
    readonly queue: EventQueue;
    readonly random: Random;
    readonly network: NetworkOptions;
    /** Whether a message that does not fit its schema stops the run. */
    readonly isStrict: boolean;
    readonly faults: FaultCounter;
    /** Sees each message just before its recipient does; may end the recipient's life. */
    readonly beforeDelivery: (to: Address, life: SimLife, message: RoleMessage) => void;
  }) {
    this.#queue = options.queue;
    this.#random = options.random;
    this.#options = options.network;
    this.#copy = options.isStrict ? (message) => roleMessage.parse(message) : copyPlainData;
    this.#faultCounter = options.faults;
    this.#beforeDelivery = options.beforeDelivery;
  }

  attach(role: Role, life: SimLife): void {
    assert(
      this.#roles.get(role.address)?.life.isAlive !== true,
      `Two live roles have the address ${role.address}`,
    );
    this.#roles.set(role.address, { role, life });
  }

  transportOf(from: Address, life: SimLife): Transport {
    return {
      send: (to, message) => {
        if (life.isAlive) this.#send({ from, to, life, message });
      },
    };
  }

  /** When the last message under way between these machines has arrived. */
  quietAtUs(fromMachine: string, toMachine: string): number {
    return this.#quietAtUs.get(linkOf(fromMachine, toMachine)) ?? 0;
  }

  /** Messages between these machines wait from now on, in order. One direction. */
  hold(fromMachine: string, toMachine: string): void {
    this.#setFault(fromMachine, toMachine, 'held');
  }

  /** Messages between these machines are lost from now on. One direction. */
  cut(fromMachine: string, toMachine: string): void {
    this.#setFault(fromMachine, toMachine, 'cut');
  }

  /** Ends a hold or a cut; what waited goes on its way. */
  heal(fromMachine: string, toMachine: string): void {
    this.#healLink(linkOf(fromMachine, toMachine));
  }

  /**
   * Asks `keeps` of every message between machines from now on; those that it keeps wait for {@link letPass}.
   * Unlike a held link this reorders what one sender tells one recipient.
   */
  setGate(keeps: ((passage: Passage) => boolean) | undefined): void {
    this.#gate = keeps;
  }

  /** The messages at the gate that match go on their way; returns how many. */
  letPass(matches: (passage: Passage) => boolean): number {
    const waiting = this.#atGate.splice(0);
    const passing = waiting.filter((delivery) => matches(passageOf(delivery)));
    this.#atGate.push(...waiting.filter((delivery) => !passing.includes(delivery)));
    for (const delivery of passing) if (delivery.sender.isAlive) this.#travel(delivery);
    return passing.length;
  }

  healAll(): void {
    for (const link of this.#faults.keys()) this.#healLink(link);
  }

  #healLink(link: string): void {
    const fault = this.#faults.get(link);
    this.#faults.delete(link);
    // A connection dies with the process that opened it, and with it what was held back.
    for (const delivery of fault?.waiting ?? [])
      if (delivery.sender.isAlive) this.#travel(delivery);
  }

  #setFault(fromMachine: string, toMachine: string, kind: Fault['kind']): void {
    const link = linkOf(fromMachine, toMachine);
    assert(!this.#faults.has(link), `The link ${link} has a fault already`);
    this.#faults.set(link, { kind, waiting: [] });
    this.#faultCounter.count(kind === 'held' ? 'held link' : 'cut link');
  }

  #send(sent: {
    readonly from: Address;
    readonly to: Address;
    readonly life: SimLife;
    readonly message: RoleMessage;
  }): void {
    const recipient = this.#roles.get(sent.to);
    if (recipient === undefined || !recipient.life.isAlive) return;
    const message = this.#copy(sent.message);
    const delivery = { from: sent.from, to: sent.to, message, sender: sent.life, recipient };
    if (recipient.life === sent.life) {
      this.#deliverLocally(delivery);
      return;
    }
    const fault = this.#faults.get(linkOf(sent.life.machine, recipient.life.machine));
    if (fault?.kind === 'cut') return;
    if (this.#gate?.(passageOf(delivery)) === true) {
      this.#atGate.push(delivery);
      return;
    }
    if (fault?.kind === 'held') {
      fault.waiting.push(delivery);
      return;
    }
    this.#travel(delivery);
    const isRepeated =
      repeatable.has(message.type) && drawChance(this.#random, this.#options.duplicateShare);
    if (!isRepeated) return;
    this.#faultCounter.count('duplication');
    this.#travel({ ...delivery, message: copyPlainData(message) });
  }

  /**
   * Inside `send` where that is asked for, and not behind a message that waits for a turn of its
   * own.
   */
  #deliverLocally(delivery: Delivery): void {
    const local = this.#local.get(delivery.sender) ?? { depth: 0, waiting: 0 };
    this.#local.set(delivery.sender, local);
    const isInline = local.waiting === 0 && local.depth < LOCAL_DEPTH_MAX;
    if (this.#options.isLocalInline && isInline) {
      local.depth += 1;
      this.#deliver(delivery);
      local.depth -= 1;
      return;
    }
    local.waiting += 1;
    this.#queue.after(0, () => {
      local.waiting -= 1;
      this.#deliver(delivery);
    });
  }

  #travel(delivery: Delivery): void {
    const link = linkOf(delivery.from, delivery.to);
    const { delayUs, slowShare, slowUs, refreshMs } = this.#options;
    const isSlow = drawChance(this.#random, slowShare);
    if (isSlow) this.#faultCounter.count('delay');
    const slow = isSlow ? drawInteger(this.#random, slowUs) : 0;
    const arrival = this.#queue.nowUs + drawInteger(this.#random, delayUs) + slow;
    if (delivery.message.type === 'cache.update' && refreshMs !== undefined) {
      this.#queue.at(this.#nextRefreshUs(delivery.sender.machine, arrival, refreshMs), () =>
        this.#deliver(delivery),
      );
      return;
    }
    const arrivalUs = Math.max(arrival, this.#arrivedUntilUs.get(link) ?? 0);
    this.#arrivedUntilUs.set(link, arrivalUs);
    const machines = linkOf(delivery.sender.machine, delivery.recipient.life.machine);
    this.#quietAtUs.set(machines, Math.max(arrivalUs, this.#quietAtUs.get(machines) ?? 0));
    this.#queue.at(arrivalUs, () => this.#deliver(delivery));
  }

  #nextRefreshUs(storage: string, fromUs: number, refreshMs: number): number {
    const intervalUs = refreshMs * 1000;
    const phaseUs = this.#random.fork(`refresh ${storage}`).next() * intervalUs;
    return phaseUs + Math.max(0, Math.ceil((fromUs - phaseUs) / intervalUs)) * intervalUs;
  }

  #deliver({ to, message, recipient }: Delivery): void {
    if (!recipient.life.isAlive) return;
    this.#beforeDelivery(to, recipient.life, message);
    if (recipient.life.isAlive) recipient.role.receive(message);
  }
}
