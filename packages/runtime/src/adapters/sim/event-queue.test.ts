// Virtual time: order, ties, cancelling.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventQueue } from './event-queue.ts';
import { SimLife } from './sim-life.ts';
import { EXACT_CLOCK, simClock, WallClock } from './sim-clock.ts';
import { simTimers } from './sim-timers.ts';

const runAll = (queue: EventQueue): void => {
  while (queue.runNext());
};

describe('event queue', () => {
  test('turns run by time, and by insertion at the same time', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 200 }), (times) => {
        const queue = new EventQueue();
        const ran: [number, number][] = [];
        times.forEach((time, index) => queue.at(time, () => ran.push([queue.nowUs, index])));
        runAll(queue);
        const expected = times
          .map((time, index): [number, number] => [time, index])
          .toSorted(([a, i], [b, j]) => a - b || i - j);
        expect(ran).toEqual(expected);
      }),
    );
  });

  test('what is inserted in a turn runs later, never in the past, and a cancelled turn never', () => {
    const queue = new EventQueue();
    const ran: string[] = [];
    queue.at(10, () => {
      ran.push('first');
      queue.at(3, () => ran.push(`late at ${queue.nowUs}`));
      cancel();
    });
    const cancel = queue.at(20, () => ran.push('cancelled'));
    runAll(queue);
    expect(ran).toEqual(['first', 'late at 10']);
    expect(queue.nowUs).toBe(10);
  });

  test('timers count virtual milliseconds and die with their process', () => {
    const queue = new EventQueue();
    const life = new SimLife('w1');
    const timers = simTimers(queue, life);
    const woken: number[] = [];
    timers.after(1.5, () => woken.push(queue.nowUs));
    timers.after(2, () => life.end());
    timers.after(3, () => woken.push(queue.nowUs));
    runAll(queue);
    expect(woken).toEqual([1_500]);
  });

  test('the wall clock is skewed and drifts, durations are not', () => {
    const queue = new EventQueue();
    const exact = simClock(queue, new WallClock(queue, EXACT_CLOCK));
    const wrong = simClock(queue, new WallClock(queue, { skewMs: -250, driftPpm: 1_000 }));
    const start = exact.wallMs();
    expect(wrong.wallMs() - start).toBe(-250);
    queue.at(10_000_000, () => undefined);
    runAll(queue);
    expect([exact.nowUs(), wrong.nowUs()]).toEqual([10_000_000, 10_000_000]);
    expect(exact.wallMs() - start).toBe(10_000);
    expect(wrong.wallMs() - start).toBe(10_000 - 250 + 10);
  });
});
