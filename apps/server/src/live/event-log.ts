/**
 * The log of everything that happened, by sequence number: a ring of the newest records. Readers
 * keep a place of their own in it, so a slow reader costs the log nothing.
 */
import type { EventRecord, InvocationId, RuntimeEvent } from '@stormglass/core';

/** About what 1,000 traced invocations of a DAG of five nodes leave behind. */
const EVENT_LOG_CAPACITY = 32_768;

interface Slot {
  readonly record: EventRecord;
  /** JSON text, made when it is first read and shared by all readers. */
  text: string | undefined;
}

const invocationOf = (event: RuntimeEvent): InvocationId | undefined =>
  'invocation' in event ? event.invocation : undefined;

export class EventLog {
  readonly #capacity: number;
  readonly #slots: Slot[] = [];
  /** The records of each invocation that are still in the ring, oldest first. */
  readonly #byInvocation = new Map<InvocationId, Slot[]>();
  readonly #listeners = new Set<() => void>();
  readonly #beforeForgetting: (record: EventRecord) => void;
  #newest = 0;

  /** @param beforeForgetting hears every record just before the ring loses it, in order */
  constructor(
    capacity: number = EVENT_LOG_CAPACITY,
    beforeForgetting: (record: EventRecord) => void = () => undefined,
  ) {
    this.#capacity = capacity;
    this.#beforeForgetting = beforeForgetting;
  }

  /** The sequence number of the newest record, 0 before the first. */
  get newest(): number {
    return this.#newest;
  }

  /**
   * The smallest sequence number that can still be read; one beyond the newest when the log is
   * empty.
   */
  get oldest(): number {
    return Math.max(1, this.#newest - this.#capacity + 1);
  }

  readonly append = (event: RuntimeEvent, at: number): void => {
    if (this.#newest >= this.#capacity) this.#drop(this.oldest);
    this.#newest += 1;
    const slot: Slot = { record: { seq: this.#newest, at, ...event }, text: undefined };
    this.#slots[this.#newest % this.#capacity] = slot;
    const invocation = invocationOf(event);
    if (invocation !== undefined) {
      const trace = this.#byInvocation.get(invocation);
      if (trace === undefined) this.#byInvocation.set(invocation, [slot]);
      else trace.push(slot);
    }
    for (const listener of this.#listeners) listener();
  };

  readonly record = (seq: number): EventRecord | undefined => this.#slot(seq)?.record;

  readonly text = (seq: number): string | undefined => {
    const slot = this.#slot(seq);
    return slot === undefined ? undefined : textOf(slot);
  };

  /** JSON text of every event of an invocation that the log still has, in order. */
  readonly trace = (invocation: InvocationId): readonly string[] =>
    (this.#byInvocation.get(invocation) ?? []).map(textOf);

  readonly hasFinished = (invocation: InvocationId): boolean =>
    this.#byInvocation
      .get(invocation)
      ?.some((slot) => slot.record.kind === 'invocation.finished') === true;

  /** Calls `listener` after every append. Returns the way to stop. */
  readonly onAppend = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #slot(seq: number): Slot | undefined {
    if (seq < this.oldest || seq > this.#newest) return undefined;
    return this.#slots[seq % this.#capacity];
  }

  #drop(seq: number): void {
    const slot = this.#slot(seq);
    if (slot === undefined) return;
    this.#beforeForgetting(slot.record);
    const invocation = invocationOf(slot.record);
    if (invocation === undefined) return;
    const trace = this.#byInvocation.get(invocation);
    // The oldest record of the ring is the oldest of its invocation.
    trace?.shift();
    if (trace?.length === 0) this.#byInvocation.delete(invocation);
  }
}

function textOf(slot: Slot): string {
  slot.text ??= JSON.stringify(slot.record);
  return slot.text;
}
