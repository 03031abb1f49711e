/**
 * The log of everything that happened, by sequence number: a ring of the newest events. Readers
 * keep a place of their own in it, so a slow reader costs the log nothing, and an event that nobody
 * reads costs next to nothing.
 */
import { must, type EventRecord, type InvocationId, type ToldEvent } from '@stormglass/core';

/** About what 1,000 traced invocations of a DAG of five nodes leave behind. */
const EVENT_LOG_CAPACITY = 32_768;
/**
 * Characters. Usually there are far fewer; an event may name thousands of writers, where a key has
 * as many siblings.
 */
const EVENT_LOG_LENGTH_MAX = 64 * 1024 * 1024;

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
  readonly #lengthMax: number;
  readonly #slots: (Slot | undefined)[] = [];
  /** What is still in the ring of each invocation, oldest first. */
  readonly #byInvocation = new Map<InvocationId, Slot[]>();
  readonly #listeners = new Set<() => void>();
  readonly #follower: LogFollower | undefined;
  #newest = 0;
  #oldest = 1;
  /** Of all that can be read. */
  #length = 0;

  constructor(
    capacity: number = EVENT_LOG_CAPACITY,
    follower?: LogFollower,
    lengthMax = EVENT_LOG_LENGTH_MAX,
  ) {
    this.#capacity = capacity;
    this.#lengthMax = lengthMax;
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
    return this.#oldest;
  }

  readonly append = (told: ToldEvent): void => {
    while (this.#isFullFor(told)) this.#dropOldest();
    this.#newest += 1;
    this.#length += told.length;
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
    if (seq < this.#oldest || seq > this.#newest) return undefined;
    return this.#slots[seq % this.#capacity];
  }

  #isFullFor(told: ToldEvent): boolean {
    const records = this.#newest - this.#oldest + 1;
    if (records >= this.#capacity) return true;
    return records > 0 && this.#length + told.length > this.#lengthMax;
  }

  #dropOldest(): void {
    const seq = this.#oldest;
    const { told } = must(this.#slot(seq), 'a log that is full has an oldest event');
    this.#follower?.forgetting(seq, told);
    this.#oldest += 1;
    this.#length -= told.length;
    this.#slots[seq % this.#capacity] = undefined;
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
