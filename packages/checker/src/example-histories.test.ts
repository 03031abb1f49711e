// The example histories of correctness.md 6.9, by their numbers, with the verdicts of its tables.
import { describe, expect, test } from 'vitest';
import { checkCausal } from './check-causal.ts';
import { checkCausalMemory } from './check-causal-memory.ts';
import { checkTransactions } from './check-transactions.ts';
import { operationsHistory, runsHistory } from './testkit/compose-history.ts';

const operationHistories = [
  ['O1', 'r x0 | w x1', '✓✓✓'],
  ['O2', 'w x1, r x2 | w x2', '✓✓✓'],
  ['O3', 'r x9', '✗✗✗'],
  ['O4', 'r x1, w y1 | r y1, w x1', '✗✗✗'],
  ['O5', 'w x1, w y1 | r y1, r x0', '✗✗✗'],
  ['O6', 'w x1, w y1 | r y1, w x2 | r x2, r x1', '✗✗✗'],
  ['O7', 'w x1, r x2 | w x2, r x1', '✓✗✓'],
  ['O8', 'w x1 | w x2, r x1, r x2', '✓✗✗'],
  ['O9', 'w x1 | w x2 | r x1, r x2 | r x2, r x1', '✓✗✓'],
  ['O10', 'w z1, w x1, w y1 | w x2, r z0, r y1, r x2', '✓✓✗'],
  ['O11', 'w x1, r y0, w y1, r x1 | w x2, r y0, w y2, r x2', '✓✓✓'],
  ['O12', 'w x1 | w y1 | r x1, r y0 | r y1, r x0', '✓✓✓'],
  ['O13', 'w x1, r x0', '✗✗✗'],
  ['O14', 'w x1, w x2 | r x2, r x1', '✗✗✗'],
  ['O15', 'w x1, w y1 | r x0, r y1', '✓✓✓'],
  ['O16', 'w x1 | r x1, w y1 | r y1, w z1 | r z1, r x0', '✗✗✗'],
] as const;

const runHistories = [
  ['T1', '[w x1, w y1] | [r x1, r y0]', '✗✗'],
  ['T2', '[w x1],[w x2] | [r x2, w y1] | [r y1, r x1]', '✓✗'],
  ['T3', '[w x1] | [r x1, w x2] | [r x1, w x3]', '✓✓'],
  ['T4', '[w x1, w y1] | [r x1, r y1, w x2] | [r x1, r y1, w y3]', '✓✓'],
  ['T5', '[w x1] | [w y1] | [r x1, r y0] | [r y1, r x0]', '✓✓'],
  ['T6', '[w x1] | [w x2] | [r x1, r x2]', '✗✗'],
  ['T7', '[w x1],[w y1] | [r x0, r y1]', '✓✗'],
  [
    'T8',
    '[w x2, w z2, w p2] | [w x1] | [w z3, w s3] | [r p2, r x1] | [r s3, r z2] | [r x1, r z3]',
    '✓✓',
  ],
  ['T9', '[w x1] | [r x1, w x2, r x2]', '✓✓'],
  ['T10', '[w x1] | [w x2, r x1]', '✗✗'],
  ['T11', '[w x1, w x2] | [r x1]', '✗✗'],
  ['T12', '[w x1] | [w x2] | [r x1],[r x2] | [r x2],[r x1]', '✓✗'],
] as const;

const mark = (violations: readonly unknown[]): string => (violations.length === 0 ? '✓' : '✗');

describe('operations', () => {
  test.each(operationHistories)('[CC1] [CCV1] [CM1] %s: %s is %s', (_number, text, verdict) => {
    const history = operationsHistory(text);
    const { cc, ccv } = checkCausal(history);
    expect(`${mark(cc)}${mark(ccv)}${mark(checkCausalMemory(history))}`).toBe(verdict);
  });
});

describe('runs', () => {
  test.each(runHistories)('[TX1] %s: %s is %s', (_number, text, verdict) => {
    const { readAtomic, transactionalCausal } = checkTransactions(runsHistory(text));
    expect(`${mark(readAtomic)}${mark(transactionalCausal)}`).toBe(verdict);
  });
});
