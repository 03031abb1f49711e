/**
 * The EventSink port of a worker: events are numbered, kept until the end of the turn, and sent to
 * the server together.
 *
 * They leave together with the messages of the turn and behind them: a message says how many events
 * came before it. They leave earlier when the worker learns of events of others, so that what it
 * emitted before does not wait for them.
 */
import type { Clock } from '../../ports/clock.ts';
import type { EventSink } from '../../ports/event-sink.ts';
import type { EventKind, RuntimeEvent, TimedEvent } from '@stormglass/core';
import type { CausalKnowledge, Causes } from './causal-knowledge.ts';

export interface EventOutboxOptions {
  readonly knowledge: CausalKnowledge;
  readonly clock: Clock;
  /**
   * Hands over events with the number of those before them. They are not changed afterwards.
   * Returns how many characters they take.
   */
  readonly send: (first: number, events: readonly TimedEvent[]) => number;
  /** Runs the callback when the messages of the current turn are about to leave. */
  readonly atTurnEnd: (callback: () => void) => void;
}

/**
 * Characters of events that the server has not taken into its log. Beyond it, what functions do with
 * their keys is not told, because the server has more to do than to write that down.
 */
export const UNTAKEN_LENGTH_MAX = 16 * 1024 * 1024;
/** Most events take about as much. */
const USUAL_LENGTH = 300;

/** Of these there is no end; of the others there are some for each call. */
const endless: ReadonlySet<EventKind> = new Set([
  'cache.read',
  'cache.write',
  'cache.update',
  'cache.evicted',
  'cache.pinned',
  'cache.released',
  'message.sent',
  'message.received',
]);

export class EventOutbox implements EventSink {
  readonly #options: EventOutboxOptions;
  #pending: TimedEvent[] = [];
  #sent = 0;
  #sentLength = 0;
  #takenLength = 0;
  #isScheduled = false;

  constructor(options: EventOutboxOptions) {
    this.#options = options;
  }

  readonly emit = (event: RuntimeEvent, at?: number): void => {
    this.#pending.push({ at: at ?? this.#options.clock.nowUs(), event });
    this.#options.knowledge.countEmitted(1);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#options.atTurnEnd(() => {
      this.#isScheduled = false;
      this.flush();
    });
  };

  /**
   * The server keeps every event in its log, whether somebody watches or not, unless it is far
   * behind.
   */
  readonly isListening = (kind: EventKind): boolean => {
    const untaken = this.#sentLength - this.#takenLength + this.#pending.length * USUAL_LENGTH;
    return untaken < UNTAKEN_LENGTH_MAX || !endless.has(kind);
  };

  /** @param length characters of all that was handed over so far */
  onTaken(length: number): void {
    this.#takenLength = length;
  }

  /** Hands over what is pending. */
  flush(): void {
    if (this.#pending.length === 0) return;
    const events = this.#pending;
    this.#pending = [];
    const first = this.#sent;
    this.#sent += events.length;
    this.#sentLength += this.#options.send(first, events);
  }

  /** What a message brought along; call it before the message is delivered. */
  learn(causes: Causes): void {
    const { knowledge } = this.#options;
    if (!knowledge.isNew(causes)) return;
    this.flush();
    knowledge.learn(causes);
  }
}
