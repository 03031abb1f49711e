/**
 * Virtual time and everything that will happen in it: a binary heap ordered by time, then by the
 * order of insertion. Nothing in a simulation runs that was not put in here.
 */
import { assert, must } from '@stormglass/core';
import type { Cancel } from '../../ports/timers.ts';

interface Entry {
  readonly atUs: number;
  readonly order: number;
  /** Taken away when the entry is cancelled; the heap drops it when its time comes. */
  run: (() => void) | undefined;
}

const comesBefore = (a: Entry, b: Entry): boolean =>
  a.atUs < b.atUs || (a.atUs === b.atUs && a.order < b.order);

export class EventQueue {
  readonly #heap: Entry[] = [];
  #nowUs = 0;
  #order = 0;
  #hasPromise = false;

  /** Microseconds of virtual time since the simulation started. */
  get nowUs(): number {
    return this.#nowUs;
  }

  /**
   * Runs `run` as a turn of its own at `atUs`, after everything inserted before for the same time.
   */
  at(atUs: number, run: () => void): Cancel {
    assert(Number.isFinite(atUs), () => `Not a time: ${atUs}`);
    const entry: Entry = {
      atUs: Math.max(this.#nowUs, Math.round(atUs)),
      order: this.#order,
      run,
    };
    this.#order += 1;
    this.#insert(entry);
    return () => {
      entry.run = undefined;
    };
  }

  after(delayUs: number, run: () => void): Cancel {
    return this.at(this.#nowUs + delayUs, run);
  }

  /** A promise was settled in this turn: whoever waits for it comes before the next turn. */
  notePromise(): void {
    this.#hasPromise = true;
  }

  /** Whether a promise was settled since the last call. */
  takePromise(): boolean {
    const hadPromise = this.#hasPromise;
    this.#hasPromise = false;
    return hadPromise;
  }

  /** Runs the next turn; false when there is none. */
  runNext(): boolean {
    for (let entry = this.#removeFirst(); entry !== undefined; entry = this.#removeFirst()) {
      if (entry.run === undefined) continue;
      this.#nowUs = entry.atUs;
      entry.run();
      return true;
    }
    return false;
  }

  #insert(entry: Entry): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(entry);
    while (index > 0) {
      const parentIndex = (index - 1) >>> 1;
      const parent = must(heap[parentIndex], 'a parent in the heap');
      if (comesBefore(parent, entry)) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = entry;
  }

  #removeFirst(): Entry | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      const left = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      if (left === undefined) break;
      const isRight = right !== undefined && comesBefore(right, left);
      const child = isRight ? right : left;
      if (comesBefore(last, child)) break;
      heap[index] = child;
      index = 2 * index + (isRight ? 2 : 1);
    }
    heap[index] = last;
    return first;
  }
}
