/**
 * The log of everything that happened, by sequence number: a ring of the newest events. Readers
 * keep a place of their own in it, so a slow reader costs the log nothing, and an event that nobody
 * reads costs next to nothing.
 */
import type { EventRecord, InvocationId, ToldEvent } from '@stormglass/core';

/** About what 1,000 traced invocations of a DAG of five nodes leave behind. */
const EVENT_LOG_CAPACITY = 32_768;

interface Slot {
  readonly seq: number;
  readonly told: ToldEvent;
  /** JSON text of the record, made when it is first read and shared by all readers. */
  text: string | undefined;
}

/** Hears of every event twice, in order. */
export interface LogFollower {
  readonly appended: (told: ToldEvent) => void;
  /** Just before the ring loses it. */
  readonly forgetting: (seq: number, told: ToldEvent) => void;
}

export class EventLog {
  readonly #capacity: number;
  readonly #slots: Slot[] = [];
  /** What is still in the ring of each invocation, oldest first. */
  readonly #byInvocation = new Map<InvocationId, Slot[]>();
  readonly #listeners = new Set<() => void>();
  readonly #follower: LogFollower | undefined;
  #newest = 0;

  constructor(capacity: number = EVENT_LOG_CAPACITY, follower?: LogFollower) {
    this.#capacity = capacity;
    this.#follower = follower;
  }

  /** The sequence number of the newest event, 0 before the first. */
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

  readonly append = (told: ToldEvent): void => {
    if (this.#newest >= this.#capacity) this.#drop(this.oldest);
    this.#newest += 1;
    const slot: Slot = { seq: this.#newest, told, text: undefined };
    this.#slots[this.#newest % this.#capacity] = slot;
    const { invocation } = told;
    if (invocation !== undefined) {
      const trace = this.#byInvocation.get(invocation);
      if (trace === undefined) this.#byInvocation.set(invocation, [slot]);
      else trace.push(slot);
    }
    this.#follower?.appended(told);
    for (const listener of this.#listeners) listener();
  };

  readonly told = (seq: number): ToldEvent | undefined => this.#slot(seq)?.told;

  readonly record = (seq: number): EventRecord | undefined => {
    const told = this.told(seq);
    return told === undefined ? undefined : recordOf(seq, told);
  };

  /** JSON text of the record. */
  readonly text = (seq: number): string | undefined => {
    const slot = this.#slot(seq);
    return slot === undefined ? undefined : textOf(slot);
  };

  /** JSON text of every record of an invocation that the log still has, in order. */
  readonly trace = (invocation: InvocationId): readonly string[] =>
    (this.#byInvocation.get(invocation) ?? []).map(textOf);

  readonly hasFinished = (invocation: InvocationId): boolean =>
    this.#byInvocation.get(invocation)?.some(({ told }) => told.kind === 'invocation.finished') ===
    true;

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
    const { told } = slot;
    this.#follower?.forgetting(seq, told);
    if (told.invocation === undefined) return;
    const trace = this.#byInvocation.get(told.invocation);
    // The oldest event of the ring is the oldest of its invocation.
    trace?.shift();
    if (trace?.length === 0) this.#byInvocation.delete(told.invocation);
  }
}

export const recordOf = (seq: number, told: ToldEvent): EventRecord => ({
  seq,
  at: told.at,
  ...told.event(),
});

function textOf(slot: Slot): string {
  const { seq, told } = slot;
  slot.text ??= `{"seq":${seq},"at":${told.at},${told.text().slice(1)}`;
  return slot.text;
}
