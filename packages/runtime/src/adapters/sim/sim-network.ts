/**
 * The Transport port between simulated machines. Where that is asked for, each message goes through
 * its schema and arrives as a copy; else its recipient gets what the sender has, as nobody changes what
 * was sent. From one sender to one recipient messages arrive once and in order, except for the shares
 * of those that may do otherwise; all else is the seed's choice, and the scenario's where it holds or
 * cuts a link.
 */
import { assert, roleMessage, type RoleMessage } from '@stormglass/core';
import type { Random } from '../../ports/random.ts';
import type { Address, Role, Transport } from '../../ports/transport.ts';
import { Blockades } from './blockades.ts';
import { drawInteger, type Range } from './draws.ts';
import type { EventQueue } from './event-queue.ts';
import type { FaultCounter } from './faults.ts';
import { Links, type Link, type MachinePair } from './links.ts';
import { mayRepeat } from './message-contracts.ts';
import type { SimLife } from './sim-life.ts';
import type { MessageStep, Tracer } from './trace/trace-step.ts';

export interface NetworkOptions {
  /** Between machines. */
  readonly delayUs: Range;
  /** The share of messages that take `slowUs` longer, and hold up those behind them. */
  readonly slowShare: number;
  readonly slowUs: Range;
  /** Whether roles of one machine call each other inside `send`, or one turn later. */
  readonly isLocalInline: boolean;
  /** The share of messages that arrive twice, of those that may. */
  readonly duplicateShare: number;
  /** The share of messages that are lost; default 0. */
  readonly lossShare?: number | undefined;
  /** The share of messages that others may overtake, of those that may; default 0. */
  readonly reorderShare?: number | undefined;
  /**
   * What storage pushes reaches caches at this interval, of which every storage node has its own
   * phase, and does not hold up the messages behind it. Without one it travels as all else does.
   */
  readonly refreshMs?: number | undefined;
}

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
  readonly sentUs: number;
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

const CALM_SHARES = { slowShare: 0, duplicateShare: 0, lossShare: 0, reorderShare: 0 };

/** In the name of the scenario's steps. */
const BY_STEP = 'a step';

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
  #options: NetworkOptions;
  readonly #parse: (message: RoleMessage) => RoleMessage = (message) => message;
  readonly #faultCounter: FaultCounter;
  readonly #trace: Tracer | undefined;
  readonly #beforeDelivery: (to: Address, life: SimLife, message: RoleMessage) => void;
  readonly #roles = new Map<Address, Attachment>();
  readonly #links: Links;
  readonly #blockades = new Blockades<Delivery>((waiting) => {
    // A connection dies with the process that opened it, and with it what was held back.
    for (const delivery of waiting) if (delivery.sender.isAlive) this.#travel(delivery);
  });
  /** What every message to a machine takes longer. */
  readonly #slow = new Map<string, Range>();
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
    readonly trace?: Tracer | undefined;
    /** Sees each message just before its recipient does; may end the recipient's life. */
    readonly beforeDelivery: (to: Address, life: SimLife, message: RoleMessage) => void;
  }) {
    this.#queue = options.queue;
    this.#random = options.random;
    this.#links = new Links(options.random);
    this.#options = options.network;
    if (options.isStrict) this.#parse = (message) => roleMessage.parse(message);
    this.#faultCounter = options.faults;
    this.#trace = options.trace;
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

  /** Whether no message is under way between these machines. */
  isQuiet(fromMachine: string, toMachine: string): boolean {
    return this.#links.pairOf(fromMachine, toMachine).underWay === 0;
  }

  /** When the last message under way between these machines has arrived. */
  quietAtUs(fromMachine: string, toMachine: string): number {
    return this.#links.pairOf(fromMachine, toMachine).quietAtUs;
  }

  /**
   * Messages between these machines wait from now on, in order. One direction. Several may hold a
   * link, each by its own name.
   */
  hold(fromMachine: string, toMachine: string, by = BY_STEP): void {
    this.#block(fromMachine, toMachine, { by, manner: 'hold' });
  }

  /** As {@link hold}, and the messages are lost. */
  cut(fromMachine: string, toMachine: string, by = BY_STEP): void {
    this.#block(fromMachine, toMachine, { by, manner: 'lose' });
  }

  /** Ends a hold or a cut; when nobody holds the link any more, what waited goes on its way. */
  heal(fromMachine: string, toMachine: string, by = BY_STEP): void {
    this.#blockades.heal(fromMachine, toMachine, by);
  }

  /** Everything to this machine takes longer from now on, or as long as usual again. */
  setSlow(machine: string, extraUs: Range | undefined): void {
    if (extraUs === undefined) this.#slow.delete(machine);
    else this.#slow.set(machine, extraUs);
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

  /** No link is blocked any more, and no message is lost, repeated, overtaken or slow. */
  healAll(): void {
    this.#slow.clear();
    this.#options = { ...this.#options, ...CALM_SHARES };
    this.#blockades.healAll();
  }

  #block(from: string, to: string, block: Parameters<Blockades<Delivery>['block']>[2]): void {
    this.#blockades.block(from, to, block);
    this.#faultCounter.count('partition');
  }

  #send(sent: {
    readonly from: Address;
    readonly to: Address;
    readonly life: SimLife;
    readonly message: RoleMessage;
  }): void {
    const recipient = this.#roles.get(sent.to);
    if (recipient === undefined || !recipient.life.isAlive) return;
    const isLocal = recipient.life === sent.life;
    const message = this.#parse(sent.message);
    const delivery: Delivery = {
      from: sent.from,
      to: sent.to,
      message,
      sentUs: this.#queue.nowUs,
      sender: sent.life,
      recipient,
    };
    if (isLocal) {
      this.#deliverLocally(delivery);
      return;
    }
    this.#sendOut(delivery);
  }

  #sendOut(delivery: Delivery): void {
    const { message, sender, recipient } = delivery;
    const { machine } = recipient.life;
    if (this.#blockades.loses(sender.machine, machine)) {
      this.#lose(delivery);
      return;
    }
    if (this.#gate?.(passageOf(delivery)) === true) {
      this.#atGate.push(delivery);
      return;
    }
    const link = this.#linkOf(delivery);
    const { lossShare = 0, duplicateShare } = this.#options;
    if (link.happens('loss', lossShare)) {
      this.#lose(delivery);
      return;
    }
    if (this.#blockades.keeps(sender.machine, machine, delivery)) return;
    this.#travel(delivery, link);
    if (!link.happens('duplicate', mayRepeat(message) ? duplicateShare : 0)) return;
    this.#faultCounter.count('duplicated message');
    this.#travel({ ...delivery, message: this.#parse(message) }, link);
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
    this.#queue.after(0, () =>
      delivery.sender.run(this.#queue, () => {
        local.waiting -= 1;
        this.#deliver(delivery);
      }),
    );
  }

  #travel(delivery: Delivery, link = this.#linkOf(delivery)): void {
    const { sender, recipient, message } = delivery;
    const { pair } = link;
    const { delayUs, reorderShare = 0, refreshMs } = this.#options;
    const drawnUs = this.#queue.nowUs + drawInteger(link.drawsOf('delay'), delayUs);
    const arrival = drawnUs + this.#extraUs(link, recipient.life.machine);
    if (message.type === 'cache.update' && refreshMs !== undefined) {
      this.#queue.at(this.#nextRefreshUs(sender.machine, arrival, refreshMs), () =>
        this.#deliver(delivery),
      );
      return;
    }
    const isLoose = link.happens('reorder', mayRepeat(message) ? reorderShare : 0);
    if (isLoose) this.#faultCounter.count('reordered message');
    const arrivalUs = isLoose
      ? arrival + drawInteger(link.drawsOf('reorder'), delayUs)
      : Math.max(arrival, link.arrivedUntilUs);
    if (!isLoose) link.arrivedUntilUs = arrivalUs;
    pair.quietAtUs = Math.max(arrivalUs, pair.quietAtUs);
    pair.underWay += 1;
    this.#queue.at(arrivalUs, () => this.#arrive(delivery, pair));
  }

  #arrive(delivery: Delivery, pair: MachinePair): void {
    delivery.recipient.life.run(
      this.#queue,
      () => {
        pair.underWay -= 1;
        this.#tell(delivery, 'arrived');
        this.#handOver(delivery);
      },
      () => {
        pair.underWay -= 1;
        this.#tell(delivery, 'for the dead');
      },
    );
  }

  #lose(delivery: Delivery): void {
    this.#faultCounter.count('lost message');
    this.#tell(delivery, 'lost');
  }

  #tell(delivery: Delivery, outcome: MessageStep['outcome']): void {
    if (this.#trace === undefined) return;
    const { sentUs } = delivery;
    const atUs = this.#queue.nowUs;
    this.#trace({ kind: 'message', atUs, outcome, sentUs, ...passageOf(delivery) });
  }

  /** What this message takes longer than usual. */
  #extraUs(link: Link, toMachine: string): number {
    const { slowShare, slowUs } = this.#options;
    const slow = this.#slow.size === 0 ? undefined : this.#slow.get(toMachine);
    const ofNode = slow === undefined ? 0 : drawInteger(link.drawsOf('slow node'), slow);
    if (!link.happens('slow', slowShare)) return ofNode;
    this.#faultCounter.count('slow message');
    return ofNode + drawInteger(link.drawsOf('slow'), slowUs);
  }

  #linkOf({ from, to, sender, recipient }: Delivery): Link {
    return this.#links.linkOf(
      { address: from, machine: sender.machine },
      { address: to, machine: recipient.life.machine },
    );
  }

  #nextRefreshUs(storage: string, fromUs: number, refreshMs: number): number {
    const intervalUs = refreshMs * 1000;
    const phaseUs = this.#random.fork(`refresh ${storage}`).next() * intervalUs;
    return phaseUs + Math.max(0, Math.ceil((fromUs - phaseUs) / intervalUs)) * intervalUs;
  }

  #deliver(delivery: Delivery): void {
    delivery.recipient.life.run(this.#queue, () => this.#handOver(delivery));
  }

  #handOver({ to, message, recipient }: Delivery): void {
    this.#beforeDelivery(to, recipient.life, message);
    if (recipient.life.isAlive) recipient.role.receive(message);
  }
}
