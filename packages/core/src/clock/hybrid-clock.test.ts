// A writer's timestamps follow what it has seen, and wall time when that is ahead.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { HYBRID_TICKS_PER_MS, nextTimestamp, wallMsOf } from './hybrid-clock.ts';

test('[LWW4] a writer whose wall clock shows 40 writes above the version 100 that it has read (T2)', () => {
  const read = nextTimestamp(0, 100);
  const written = nextTimestamp(read, 40);
  expect(written).toBe(read + 1);
  expect(wallMsOf(written)).toBe(100);
});

test('[LWW4] a timestamp is larger than the previous one and not behind the wall', () => {
  const wallMs = fc.double({ min: 0, max: 2_000_000_000_000, noNaN: true });
  fc.assert(
    fc.property(fc.nat(), wallMs, (previous, wall) => {
      const next = nextTimestamp(previous, wall);
      expect(next).toBeGreaterThan(previous);
      expect(wallMsOf(next)).toBeGreaterThanOrEqual(Math.floor(wall));
    }),
  );
});

test('[LWW6] workers never tie, not in one millisecond and not both behind what they have read', () => {
  const issued = ['client.1', 'w1.1', 'w2.9', 'w63.1'].flatMap((writer) => [
    nextTimestamp(0, 1_000, writer),
    nextTimestamp(1_000 * HYBRID_TICKS_PER_MS + 5_000, 1_000, writer),
  ]);
  expect(new Set(issued).size).toBe(issued.length);
});

test("[LWW4] [LWW6] a writer's own residue costs less than a sixtieth of a millisecond", () => {
  const writers = fc.constantFrom('client.1', 'w1.1', 'w7.2', 'w64.1', 'w130.12');
  fc.assert(
    fc.property(fc.nat(), fc.nat(2_000_000_000), writers, (previous, wallMs, writer) => {
      const earliest = nextTimestamp(previous, wallMs);
      const next = nextTimestamp(previous, wallMs, writer);
      expect(next).toBeGreaterThanOrEqual(earliest);
      expect(next - earliest).toBeLessThan(HYBRID_TICKS_PER_MS / 60);
    }),
  );
});

test('fractions of a millisecond count', () => {
  expect(nextTimestamp(0, 1.5)).toBe(1.5 * HYBRID_TICKS_PER_MS);
  expect(() => nextTimestamp(Number.MAX_SAFE_INTEGER, 0)).toThrow('safe integer');
});
