// A thread that stays awake for a moment, and does not where that was in vain before.
import { expect, test } from 'vitest';
import { BusyWait } from './busy-wait.ts';

/** A thread that looks for news every tenth of a millisecond while it is awake. */
class Thread {
  readonly #wait: BusyWait;
  #nowMs = 100;
  #turns: (() => void)[] = [];

  constructor(cores = 2) {
    this.#wait = new BusyWait({
      cores,
      nowMs: () => this.#nowMs,
      afterTurn: (callback) => {
        this.#turns.push(callback);
      },
    });
  }

  get isAwake(): boolean {
    return this.#turns.length > 0;
  }

  /** Waits a millisecond for something; whether it was awake when that came. */
  waitsAwake(comesAfterMs: number): boolean {
    this.#wait.start(1);
    const comesAtMs = this.#nowMs + comesAfterMs;
    while (this.isAwake && this.#nowMs < comesAtMs) this.#turn();
    const wasAwake = this.isAwake;
    this.#nowMs = Math.max(this.#nowMs, comesAtMs);
    this.#wait.stop();
    while (this.isAwake) this.#turn();
    return wasAwake;
  }

  #turn(): void {
    this.#nowMs += 0.1;
    for (const callback of this.#turns.splice(0)) callback();
  }
}

/** How often in a row it waits asleep for what comes soon, before it is awake for it again. */
function sleepsOf(thread: Thread): number {
  let sleeps = 0;
  while (!thread.waitsAwake(0.5)) sleeps += 1;
  return sleeps;
}

test('it is awake for what comes in time, and no longer than it was told', () => {
  const thread = new Thread();
  expect(thread.waitsAwake(0.5)).toBe(true);
  expect(thread.waitsAwake(0.5)).toBe(true);
  expect(thread.waitsAwake(5)).toBe(false);
});

test('after a wait in vain it sleeps the next time, and more often each time that it happens again', () => {
  const thread = new Thread();
  const sleeps: number[] = [];
  for (let waits = 0; waits < 9; waits += 1) {
    expect(thread.waitsAwake(5)).toBe(false);
    let slept = 0;
    // What comes late tells a thread that is asleep nothing.
    while (slept < 2 ** waits && slept < 64) {
      expect(thread.waitsAwake(5)).toBe(false);
      slept += 1;
    }
    sleeps.push(slept);
  }
  expect(sleeps).toEqual([1, 2, 4, 8, 16, 32, 64, 64, 64]);
  expect(thread.waitsAwake(0.5)).toBe(true);
});

test('what comes in time while it sleeps halves the moments that it still sleeps through', () => {
  const thread = new Thread();
  // 1 + 2 + 4 + 8 + 16 + 32 moments, each after one in vain, and the one after which it is 64.
  for (let waits = 0; waits < 63 + 7; waits += 1) expect(thread.waitsAwake(5)).toBe(false);
  expect(sleepsOf(thread)).toBe(6);
});

test('waits that were worth it count against those in vain', () => {
  const thread = new Thread();
  for (let waits = 0; waits < 3; waits += 1) {
    thread.waitsAwake(5);
    sleepsOf(thread);
  }
  for (let waits = 0; waits < 9; waits += 1) expect(thread.waitsAwake(0.5)).toBe(true);
  thread.waitsAwake(5);
  expect(sleepsOf(thread)).toBe(1);
});

test('with one core nobody stays awake', () => {
  const thread = new Thread(1);
  expect(thread.waitsAwake(0.1)).toBe(false);
  expect(thread.isAwake).toBe(false);
});
