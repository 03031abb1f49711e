import { expect, test } from 'vitest';
import { Utilisation } from './utilisation.ts';

function measured() {
  let nowMs = 0;
  const utilisation = new Utilisation({ nowUs: () => nowMs * 1_000, wallMs: () => nowMs });
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  return { utilisation, pass };
}

test('[SCHED2] the share of the window in which calls ran, overlapping ones once', () => {
  const { utilisation, pass } = measured();
  pass(200);
  utilisation.begin();
  pass(100);
  utilisation.begin();
  pass(100);
  utilisation.end();
  pass(100);
  utilisation.end();
  pass(500);
  expect(utilisation.share()).toBeCloseTo(0.3);
});

test('[SCHED2] a call that has not ended counts, in each window with its part', () => {
  const { utilisation, pass } = measured();
  pass(750);
  utilisation.begin();
  pass(250);
  expect(utilisation.share()).toBeCloseTo(0.25);
  pass(1_000);
  expect(utilisation.share()).toBe(1);
  utilisation.end();
  pass(1_000);
  expect(utilisation.share()).toBe(0);
});

test('[SCHED2] asked for again at once, the window is still the one before', () => {
  const { utilisation, pass } = measured();
  utilisation.begin();
  pass(1_000);
  expect(utilisation.share()).toBe(1);
  utilisation.end();
  pass(10);
  expect(utilisation.share()).toBe(1);
});
