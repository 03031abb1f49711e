/**
 * The server's end of all links to workers: the Transport and EventSink ports of the roles that
 * live in the server, and the merge of everybody's events into one causal order.
 */
import {
  toldEvent,
  type LinkFrameOf,
  type RoleMessage,
  type ToldEvent,
  type WorkerId,
} from '@stormglass/core';
import type { Clock } from '../../ports/clock.ts';
import type { EventSink } from '../../ports/event-sink.ts';
import { CausalKnowledge, SERVER_SOURCE, ToldCauses, type Source } from './causal-knowledge.ts';
import { CausalMerge } from './causal-merge.ts';
import { readEventLines } from './event-lines.ts';
import { UNTAKEN_LENGTH_MAX } from './event-outbox.ts';
import { LinkTransport } from './link-transport.ts';
import type { Log } from './log.ts';
import { RoleLink } from './role-link.ts';
import type { SocketLink } from './socket-link.ts';
import { workerOfAddress } from './worker-of-address.ts';

/** How long events wait before they go into the log; a viewer does not see the difference. */
const LOG_DELAY_MS = 5;
/** Whenever so many more characters of its events are dealt with, a worker gets to know. */
const TAKEN_LENGTH_STEP = UNTAKEN_LENGTH_MAX / 16;
/** How long the log may keep the thread at a time. */
const LOG_SLICE_MS = 1;

export interface ServerHubOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Every event of the cluster, in an order in which no event comes before one that caused it. */
  readonly onEvent: (told: ToldEvent) => void;
}

/** A worker at the other end of a link. */
export interface Attachment {
  readonly worker: WorkerId;
  readonly source: Source;
  readonly link: RoleLink;
  /** Characters of event lines that were dealt with, and how many of them the worker knows of. */
  taken: number;
  toldTaken: number;
}

export class ServerHub {
  readonly transport: LinkTransport;
  readonly events: EventSink;
  readonly #knowledge = new CausalKnowledge(SERVER_SOURCE);
  readonly #ownTold = new ToldCauses(this.#knowledge, SERVER_SOURCE);
  readonly #merge: CausalMerge;
  readonly #links = new Map<string, Attachment>();
  #steps: (() => void)[] = [];
  #emitted = 0;

  constructor({ clock, log, onEvent }: ServerHubOptions) {
    this.#merge = new CausalMerge({
      admit: onEvent,
      overflowed: (events) => log.warn({ events }, 'events are logged without their causes'),
    });
    this.#merge.open(SERVER_SOURCE);
    this.transport = new LinkTransport({ sendOut: (to, message) => this.#sendOut(to, message) });
    this.events = {
      emit: (event, at) => {
        const causes = this.#ownTold.next();
        this.#knowledge.countEmitted(1);
        const first = this.#emitted;
        this.#emitted += 1;
        this.#merge.offer(SERVER_SOURCE, first, [toldEvent(at ?? clock.nowUs(), event)], causes);
      },
      isListening: () => true,
    };
  }

  /** From now on messages to the worker's roles go over this link. */
  attach(worker: WorkerId, source: Source, socket: SocketLink): Attachment {
    const link = new RoleLink(socket, this.#knowledge);
    const attachment: Attachment = { worker, source, link, taken: 0, toldTaken: 0 };
    this.#merge.open(source);
    this.#links.set(worker, attachment);
    return attachment;
  }

  /**
   * The link is closed: the worker's events that are not here are lost. `drained` is called when
   * those that are here are in the log, so that nobody has to remember this source any more.
   */
  detach(worker: string, { source }: Attachment, drained: () => void): void {
    if (this.#links.get(worker)?.source === source) this.#links.delete(worker);
    this.#later(() =>
      this.#merge.lose(source, () => {
        this.#knowledge.forget(source);
        drained();
      }),
    );
  }

  onMessage({ source, link }: Attachment, frame: LinkFrameOf<'message'>): void {
    const { causes } = frame;
    if (causes !== undefined) {
      this.#later(() => this.#merge.require(source, causes));
      this.#knowledge.learn(causes);
      link.heard(causes);
    }
    this.transport.receive(frame.to, frame.message);
  }

  /** `refused` hears of events that are not the next ones: this worker cannot be followed. */
  onEvents(from: Attachment, frame: LinkFrameOf<'events'>, refused: () => void): void {
    const { worker, source, link } = from;
    const { first, count, lines, causes } = frame;
    const known = new Map(causes).set(source, first + count);
    this.#knowledge.learn(known);
    link.heard(known);
    this.#later(() => {
      const told =
        first === this.#merge.offeredBy(source) ? readEventLines(lines, count, worker) : undefined;
      if (told === undefined) refused();
      else this.#merge.offer(source, first, told, causes);
      this.#tellTaken(from, lines.length);
    });
  }

  #tellTaken(from: Attachment, length: number): void {
    from.taken += length;
    if (from.taken - from.toldTaken < TAKEN_LENGTH_STEP) return;
    from.toldTaken = from.taken;
    from.link.socket.send({ type: 'events-taken', length: from.taken });
  }

  /**
   * What concerns the log waits until the messages that came with it are dealt with, so that nobody's
   * answer waits for it. In the order it came.
   */
  #later(step: () => void): void {
    this.#steps.push(step);
    if (this.#steps.length === 1) setTimeout(this.#takeSteps, LOG_DELAY_MS);
  }

  /** A slice at a time: a busy log must not keep requests waiting. */
  readonly #takeSteps = (): void => {
    const untilMs = performance.now() + LOG_SLICE_MS;
    let taken = 0;
    for (const step of this.#steps) {
      step();
      taken += 1;
      if (performance.now() > untilMs) break;
    }
    this.#steps.splice(0, taken);
    if (this.#steps.length > 0) setImmediate(this.#takeSteps);
  };

  #sendOut(to: string, message: RoleMessage): boolean {
    const worker = workerOfAddress(to);
    const attachment = worker === undefined ? undefined : this.#links.get(worker);
    attachment?.link.sendMessage(to, message);
    return attachment !== undefined;
  }
}
