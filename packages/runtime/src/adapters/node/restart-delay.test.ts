import { expect, test } from 'vitest';
import { restartDelayMs } from './restart-delay.ts';

test('the first replacement comes at once, later ones ever slower, none slower than ten seconds', () => {
  const delays = [0, 1, 2, 3, 4, 5, 9, 50, 5_000].map(restartDelayMs);
  expect(delays).toEqual([0, 0, 100, 200, 400, 800, 10_000, 10_000, 10_000]);
});
