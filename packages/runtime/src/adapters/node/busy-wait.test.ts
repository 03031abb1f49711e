// A thread that stays awake for a moment, and does not where others want its core.
import { expect, test } from 'vitest';
import { BusyWait } from './busy-wait.ts';

/** A thread on two cores; `turn` is one look of its event loop for news. */
class Thread {
  readonly wait: BusyWait;
  #nowMs = 100;
  #cpuMs = 7;
  #turns: (() => void)[] = [];

  constructor() {
    this.wait = new BusyWait({
      cores: 2,
      nowMs: () => this.#nowMs,
      cpuMs: () => this.#cpuMs,
      afterTurn: (callback) => {
        this.#turns.push(callback);
      },
    });
  }

  /** Whether it is awake. */
  get isAwake(): boolean {
    return this.#turns.length > 0;
  }

  turn(passed: { readonly workedMs: number; readonly lostMs?: number }): void {
    this.#cpuMs += passed.workedMs;
    this.#nowMs += passed.workedMs + (passed.lostMs ?? 0);
    for (const callback of this.#turns.splice(0)) callback();
  }

  sleep(durationMs: number): void {
    this.#nowMs += durationMs;
  }

  /** Whether it stays awake when something has come. */
  tries(): boolean {
    this.wait.start(1);
    return this.isAwake;
  }

  loseCore(): void {
    this.wait.start(1);
    this.turn({ workedMs: 0.01, lostMs: 3 });
  }
}

test('it stays awake as long as it was told, and then sleeps', () => {
  const thread = new Thread();
  thread.wait.start(1);
  for (let turn = 0; turn < 99; turn += 1) {
    thread.turn({ workedMs: 0.01 });
    expect(thread.isAwake).toBe(true);
  }
  thread.turn({ workedMs: 0.02 });
  expect(thread.isAwake).toBe(false);
});

test('work in a turn, however long, is no reason to sleep', () => {
  const thread = new Thread();
  thread.wait.start(10);
  thread.turn({ workedMs: 5 });
  expect(thread.isAwake).toBe(true);
});

test('who loses the core sleeps at once for a while, longer each time that it happens again', () => {
  const thread = new Thread();
  const sleepsMs: number[] = [];
  for (let loss = 0; loss < 9; loss += 1) {
    thread.loseCore();
    expect(thread.isAwake).toBe(false);
    let sleepMs = 0;
    while (!thread.tries()) {
      thread.sleep(5);
      sleepMs += 5;
    }
    sleepsMs.push(sleepMs);
  }
  expect(sleepsMs).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 640]);
});

test('after a time in which it kept its core it begins with a short sleep again', () => {
  const thread = new Thread();
  for (let loss = 0; loss < 4; loss += 1) {
    thread.loseCore();
    thread.sleep(640);
  }
  thread.loseCore();
  thread.sleep(5);
  expect(thread.tries()).toBe(true);
});

test('with one core nobody stays awake', () => {
  const wait = new BusyWait({
    cores: 1,
    nowMs: () => 0,
    cpuMs: () => 0,
    afterTurn: () => {
      throw new Error('awake');
    },
  });
  expect(() => wait.start(1)).not.toThrow();
});
