// The checkers against the definitions, tried out exhaustively on random small histories.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkCausal } from './check-causal.ts';
import { checkCausalMemory } from './check-causal-memory.ts';
import { checkTransactions } from './check-transactions.ts';
import type { RecordedHistory } from './history.ts';
import {
  hasCommitOrder,
  isCausal,
  isCausallyConvergent,
  isCausalMemory,
} from './testkit/exhaustive-oracle.ts';
import { smallCases, smallRuns } from './testkit/small-histories.ts';

const isClean = (violations: readonly unknown[]): boolean => violations.length === 0;

/** Verdicts by class, to see that the draw reaches all of them. */
function verdictOf(recorded: RecordedHistory): string {
  const { cc, ccv } = checkCausal(recorded);
  const cm = checkCausalMemory(recorded);
  return [cc, ccv, cm].map((violations) => (isClean(violations) ? '✓' : '✗')).join('');
}

describe('operations', () => {
  test.each([
    [4, 1_000],
    [5, 1_000],
    [6, 100],
  ])('[CC1] [CCV1] [CM1] up to %i operations agree with the definitions', (size, numRuns) => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(smallCases(size), ({ small, recorded }) => {
        const expected = [isCausal(small), isCausallyConvergent(small), isCausalMemory(small)];
        const verdict = verdictOf(recorded);
        seen.set(verdict, (seen.get(verdict) ?? 0) + 1);
        expect(verdict).toBe(expected.map((holds) => (holds ? '✓' : '✗')).join(''));
      }),
      { numRuns, seed: size },
    );
    expect(seen.get('✓✓✓')).toBeGreaterThan(0);
    expect(seen.get('✗✗✗')).toBeGreaterThan(0);
  });
});

describe('runs', () => {
  test('[TX1] up to five runs agree with the definitions', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(smallRuns, ({ transactions, recorded }) => {
        const { readAtomic, transactionalCausal } = checkTransactions(recorded);
        const isIntermediate = [...readAtomic].some((one) => one.class === 'intermediate-read');
        if (isIntermediate) return;
        const verdict = [isClean(readAtomic), isClean(transactionalCausal)];
        seen.add(verdict.join());
        expect(verdict).toEqual([
          hasCommitOrder(transactions, false),
          hasCommitOrder(transactions, true),
        ]);
      }),
      { numRuns: 2_000, seed: 1 },
    );
    expect([...seen].toSorted()).toEqual(['false,false', 'true,false', 'true,true']);
  });
});
