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

/** An event that happened in this process. */
export function toldEvent(at: number, event: RuntimeEvent): ToldEvent {
  let text: string | undefined;
  return {
    at,
    kind: event.kind,
    invocation: 'invocation' in event ? event.invocation : undefined,
    length: aboutLengthOf(event),
    event: () => event,
    text: () => (text ??= JSON.stringify(event)),
  };
}

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

/**
 * An event as another process told it. A text that turns out to be no event of that kind reads as a
 * line that says so.
 */
export function heardEvent(heard: HeardEvent, worker: WorkerId): ToldEvent {
  const { at, kind, invocation } = heard;
  let told: ToldEvent | undefined;
  const read = (): ToldEvent =>
    (told ??= toldEvent(at, parseEvent(heard) ?? unreadable(heard, worker)));
  return {
    at,
    kind,
    invocation,
    length: heard.text.length,
    event: () => read().event(),
    text: () => read().text(),
  };
}

function parseEvent({ kind, invocation, text }: HeardEvent): RuntimeEvent | undefined {
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

const unreadable = ({ kind, invocation = '' }: HeardEvent, worker: WorkerId): RuntimeEvent => ({
  kind: 'log',
  invocation,
  attempt: 0,
  worker,
  level: 'error',
  text: `${worker} told an event of the kind ${kind} that cannot be read.`,
});
