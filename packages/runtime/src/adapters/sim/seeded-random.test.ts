// The generator: reproducible, forkable, uniform enough for choices.
import { describe, expect, test } from 'vitest';
import { drawChance, drawInteger, drawOne } from './draws.ts';
import { seededRandom } from './seeded-random.ts';

const draw = (seed: string, count: number): readonly number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random.next());
};

describe('seeded random', () => {
  test('equal seeds draw equal numbers, other seeds other numbers', () => {
    expect(draw('8360', 100)).toEqual(draw('8360', 100));
    expect(draw('8360', 100)).not.toEqual(draw('8361', 100));
  });

  test('a fork does not depend on how much its parent has drawn', () => {
    const early = seededRandom('8360').fork('network');
    const parent = seededRandom('8360');
    for (let count = 0; count < 10; count += 1) parent.next();
    const late = parent.fork('network');
    expect(late.next()).toBe(early.next());
    expect(parent.fork('disk').next()).not.toBe(parent.fork('network').next());
  });

  test('numbers lie in [0, 1) and fill ten bins evenly', () => {
    const bins = Array.from({ length: 10 }, () => 0);
    for (const number of draw('bins', 100_000)) {
      expect(number).toBeGreaterThanOrEqual(0);
      const bin = Math.floor(number * 10);
      bins[bin] = (bins[bin] ?? Number.NaN) + 1;
    }
    for (const count of bins) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  test('integers reach both ends of their range, and certain chances draw nothing', () => {
    const random = seededRandom('ends');
    const drawn = new Set(
      Array.from({ length: 200 }, () => drawInteger(random, { min: -1, max: 1 })),
    );
    expect([...drawn].toSorted((a, b) => a - b)).toEqual([-1, 0, 1]);
    const untouched = seededRandom('chance');
    expect([drawChance(untouched, 0), drawChance(untouched, 1)]).toEqual([false, true]);
    expect(untouched.next()).toBe(seededRandom('chance').next());
    expect(drawOne(random, ['only'])).toBe('only');
  });
});
