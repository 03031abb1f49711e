import { expect, test } from 'vitest';
import { restartDelayMs } from './restart-delay.ts';

test('the first replacement comes at once, later ones ever slower, none slower than one second', () => {
  const delays = [0, 1, 2, 3, 4, 5, 9, 50, 5_000].map(restartDelayMs);
  expect(delays).toEqual([0, 0, 100, 200, 400, 800, 1_000, 1_000, 1_000]);
});
