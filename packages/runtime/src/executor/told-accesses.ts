/**
 * How much of what one call does with `cloud` its trace tells: the first accesses, and how many came
 * after. Nothing but the trace depends on it.
 */
import type { RuntimeEvent } from '@stormglass/core';
import { ACCESSES_TOLD_MAX } from '../limits.ts';
import type { EventSink } from '../ports/event-sink.ts';

type OmittedEvent = Extract<RuntimeEvent, { kind: 'events.omitted' }>;
type AccessKind = 'cache.read' | 'cache.write' | 'message.sent' | 'message.received';

const countOf = {
  'cache.read': 'reads',
  'cache.write': 'writes',
  'message.sent': 'messages',
  'message.received': 'messages',
} as const satisfies Readonly<Record<AccessKind, keyof OmittedEvent>>;

export type AccessPlace = Pick<
  OmittedEvent,
  'invocation' | 'attempt' | 'node' | 'worker' | 'executor'
>;

export class ToldAccesses {
  readonly #events: EventSink;
  readonly #place: AccessPlace;
  readonly #omitted = { reads: 0, writes: 0, messages: 0 };
  #left = ACCESSES_TOLD_MAX;
  /** Something was left out since that was last told. */
  #isBehind = false;
  #hasBegun = false;

  constructor(events: EventSink, place: AccessPlace) {
    this.#events = events;
    this.#place = place;
  }

  /** @returns whether they are told; of one request of very many only the first are */
  take(kind: AccessKind, accesses = 1): boolean {
    const isHeard = this.#left > 0 && this.#events.isListening(kind);
    const told = isHeard ? Math.min(accesses, ACCESSES_TOLD_MAX) : 0;
    this.#left -= told;
    if (told < accesses) this.#omit(kind, accesses - told);
    return isHeard;
  }

  /** The call is over: how many were left out in the end. */
  close(): void {
    if (this.#isBehind) this.#tell();
  }

  #omit(kind: AccessKind, accesses: number): void {
    this.#omitted[countOf[kind]] += accesses;
    this.#isBehind = true;
    if (this.#hasBegun) return;
    // Whoever watches gets to know at once.
    this.#hasBegun = true;
    this.#tell();
  }

  #tell(): void {
    this.#isBehind = false;
    if (!this.#events.isListening('events.omitted')) return;
    this.#events.emit({ kind: 'events.omitted', ...this.#place, ...this.#omitted });
  }
}
