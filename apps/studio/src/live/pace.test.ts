import { expect, test } from 'vitest';
import { paced } from './pace.ts';

function makeTime() {
  let nowMs = 0;
  let timers: { atMs: number; wake: () => void }[] = [];
  return {
    surroundings: {
      nowMs: () => nowMs,
      after: (delayMs: number, wake: () => void) => {
        timers.push({ atMs: nowMs + delayMs, wake });
      },
    },
    pass: (durationMs: number) => {
      nowMs += durationMs;
      const due = timers.filter((timer) => timer.atMs <= nowMs);
      timers = timers.filter((timer) => timer.atMs > nowMs);
      for (const timer of due) timer.wake();
    },
  };
}

test('the first happens at once, a burst happens once more at the end of the interval', () => {
  const { surroundings, pass } = makeTime();
  let count = 0;
  const happen = paced(100, () => (count += 1), surroundings);
  happen();
  expect(count).toBe(1);
  for (let call = 0; call < 20; call += 1) happen();
  expect(count).toBe(1);
  pass(99);
  expect(count).toBe(1);
  pass(1);
  expect(count).toBe(2);
  pass(1_000);
  expect(count).toBe(2);
  happen();
  expect(count).toBe(3);
});
