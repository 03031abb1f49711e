/**
 * An event on its way into the log: what the log has to know of it at hand, the rest as text or as
 * the event itself, whichever its origin had. One is made from the other when somebody asks for it,
 * because most events are never looked at.
 */
import type { InvocationId, WorkerId } from '../ids.ts';
import { runtimeEvent, type EventKind, type RuntimeEvent } from './runtime-event.ts';

export interface ToldEvent {
  /** Microseconds since the cluster started. */
  readonly at: number;
  readonly kind: EventKind;
  readonly invocation: InvocationId | undefined;
  /** About how many characters its text has, known without making it. */
  readonly length: number;
  readonly event: () => RuntimeEvent;
  /** JSON text of the event, an object. */
  readonly text: () => string;
}

/** A class, because the log keeps tens of thousands: functions of their own double what one takes. */
class OwnEvent implements ToldEvent {
  readonly at: number;
  readonly length: number;
  readonly #event: RuntimeEvent;
  #text: string | undefined;

  constructor(at: number, event: RuntimeEvent) {
    this.at = at;
    this.length = aboutLengthOf(event);
    this.#event = event;
  }

  get kind(): EventKind {
    return this.#event.kind;
  }

  get invocation(): InvocationId | undefined {
    return 'invocation' in this.#event ? this.#event.invocation : undefined;
  }

  event(): RuntimeEvent {
    return this.#event;
  }

  text(): string {
    this.#text ??= JSON.stringify(this.#event);
    return this.#text;
  }
}

/** An event that happened in this process. */
export const toldEvent = (at: number, event: RuntimeEvent): ToldEvent => new OwnEvent(at, event);

/** Most are about as long. */
const USUAL_LENGTH = 300;
/** Of a version vector, with what its entry takes in memory. */
const ENTRY_LENGTH = 32;

/** Of the events that are told in this process, only those of storage have clocks of any size. */
function aboutLengthOf(event: RuntimeEvent): number {
  if (event.kind !== 'storage.merged') return USUAL_LENGTH;
  const { before = {}, incoming, after } = event;
  const sizes = [before, incoming, after].map((version) => Object.keys(version).length);
  return USUAL_LENGTH + ENTRY_LENGTH * sizes.reduce((sum, size) => sum + size, 0);
}

export interface HeardEvent {
  readonly at: number;
  readonly kind: EventKind;
  readonly invocation?: InvocationId | undefined;
  readonly text: string;
}

class EventOfAnother implements ToldEvent {
  readonly at: number;
  readonly kind: EventKind;
  readonly invocation: InvocationId | undefined;
  readonly length: number;
  readonly #worker: WorkerId;
  /** As it was heard, until somebody asks for it. */
  #text: string;
  #isOwnText = false;
  #event: RuntimeEvent | undefined;

  constructor({ at, kind, invocation, text }: HeardEvent, worker: WorkerId) {
    this.at = at;
    this.kind = kind;
    this.invocation = invocation;
    this.length = text.length;
    this.#text = text;
    this.#worker = worker;
  }

  event(): RuntimeEvent {
    this.#event ??= this.#read();
    return this.#event;
  }

  text(): string {
    const event = this.event();
    if (!this.#isOwnText) this.#text = JSON.stringify(event);
    this.#isOwnText = true;
    return this.#text;
  }

  #read(): RuntimeEvent {
    const { kind, invocation } = this;
    const heard = { kind, invocation, text: this.#text };
    return parseEvent(heard) ?? unreadable(heard, this.#worker);
  }
}

/**
 * An event as another process told it. A text that turns out to be no event of that kind reads as a
 * line that says so.
 */
export const heardEvent = (heard: HeardEvent, worker: WorkerId): ToldEvent =>
  new EventOfAnother(heard, worker);

type Heard = Omit<HeardEvent, 'at'>;

function parseEvent({ kind, invocation, text }: Heard): RuntimeEvent | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isEvent(json) || json.kind !== kind) return undefined;
  return ('invocation' in json ? json.invocation : undefined) === invocation ? json : undefined;
}

/** Keep the JSON itself: zod leaves out a dictionary entry named `__proto__`. */
const isEvent = (json: unknown): json is RuntimeEvent => runtimeEvent.safeParse(json).success;

const unreadable = ({ kind, invocation = '' }: Heard, worker: WorkerId): RuntimeEvent => ({
  kind: 'log',
  invocation,
  attempt: 0,
  worker,
  level: 'error',
  text: `${worker} told an event of the kind ${kind} that cannot be read.`,
});
