import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../adapters/sim/seeded-random.ts';
import { Zipf } from './zipf.ts';

describe('Zipf', () => {
  test('gives each rank its share of the weights 1 / rank^s', () => {
    const zipf = new Zipf({ ranks: 3, exponent: 1 });
    const harmonic = 1 + 1 / 2 + 1 / 3;
    expect(zipf.probability(0)).toBeCloseTo(1 / harmonic, 12);
    expect(zipf.probability(2)).toBeCloseTo(1 / 3 / harmonic, 12);
  });

  test('draws ranks as often as their share says', () => {
    const zipf = new Zipf({ ranks: 1_000_000, exponent: 1 });
    const random = seededRandom('zipf');
    const draws = 100_000;
    const counts = new Map<number, number>();
    for (let draw = 0; draw < draws; draw += 1) {
      const rank = zipf.draw(random);
      counts.set(rank, (counts.get(rank) ?? 0) + 1);
    }
    for (const rank of [0, 1, 9]) {
      const expected = draws * zipf.probability(rank);
      const deviation = Math.sqrt(expected);
      expect(Math.abs((counts.get(rank) ?? 0) - expected)).toBeLessThan(4 * deviation);
    }
    expect(Math.max(...counts.keys())).toBeGreaterThan(900_000);
  });

  test('with the exponent 0 every rank is as likely as the others', () => {
    const zipf = new Zipf({ ranks: 4, exponent: 0 });
    expect([0, 1, 2, 3].map((rank) => zipf.probability(rank))).toEqual([0.25, 0.25, 0.25, 0.25]);
  });
});
