/** Everything that the checkers say about one record, as lines for a person. */
import { checkCausal } from './check-causal.ts';
import { checkCausalMemory } from './check-causal-memory.ts';
import { checkHistory } from './check-history.ts';
import { checkTransactions } from './check-transactions.ts';
import { detectPatterns } from './detect-patterns.ts';
import type { Level, RecordedHistory } from './history.ts';
import type { Violation } from './violation.ts';

export interface HistoryReport {
  readonly lines: readonly string[];
  /** A promise was broken. */
  readonly isBroken: boolean;
}

/** Longer records are not put to the checks that take the square of their length. */
const SATURATION_OPERATIONS_MAX = 5_000;
/** Of one kind; the rest are only counted. */
const SHOWN_MAX = 10;

export function reportHistory(history: RecordedHistory, as?: Level): HistoryReport {
  const broken = checkHistory(history, { as });
  const operations = history.sessions.reduce((sum, session) => sum + session.operations.length, 0);
  const { invocations, sessions } = history;
  const isShort = operations <= SATURATION_OPERATIONS_MAX;
  return {
    isBroken: broken.length > 0,
    lines: [
      `${invocations.length} invocations, ${sessions.length} sessions, ${operations} operations`,
      broken.length === 0 ? 'No promise was broken.' : `${broken.length} broken promises:`,
      ...shown(broken),
      'Consistency models, whatever was promised:',
      ...models(history, isShort),
      ...(isShort ? patterns(history) : [`  patterns: not looked for in ${operations} operations`]),
    ],
  };
}

function shown(violations: readonly Violation[]): readonly string[] {
  const lines = violations
    .slice(0, SHOWN_MAX)
    .map(
      (one) => `  ${one.class}${one.key === undefined ? '' : ` of ${one.key}`}: ${one.sentence}`,
    );
  const rest = violations.length - lines.length;
  return rest > 0 ? [...lines, `  and ${rest} more`] : lines;
}

function models(history: RecordedHistory, isShort: boolean): readonly string[] {
  const { cc, ccv } = checkCausal(history);
  const told = [verdict('causal (CC)', cc), verdict('causally convergent (CCv)', ccv)];
  if (!isShort) return told;
  const { readAtomic, transactionalCausal } = checkTransactions(history);
  return [
    ...told,
    verdict('causal memory (CM)', checkCausalMemory(history)),
    verdict('read atomic', readAtomic),
    verdict('transactional causal (TCC)', transactionalCausal),
  ];
}

function verdict(model: string, [first]: readonly Violation[]): string {
  return first === undefined
    ? `  ${model}: yes`
    : `  ${model}: no, ${first.class}: ${first.sentence}`;
}

function patterns(history: RecordedHistory): readonly string[] {
  const found = detectPatterns(history);
  return found.length === 0 ? [] : ['Anomalies, allowed or not:', ...shown(found)];
}
