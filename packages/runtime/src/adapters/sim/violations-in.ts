/**
 * Everything that is wrong with a history of a scenario.
 */
import { findViolations } from './check-history.ts';
import type { History } from './history.ts';
import type { Scenario } from './scenario.ts';
import type { Violation } from './violation.ts';
import { checkCounter } from './workload.ts';

export const violationsIn = (history: History, scenario: Scenario): readonly Violation[] => [
  ...findViolations(history, scenario),
  ...checkCounter(history, scenario).map((sentence) => ({ kind: 'counter' as const, sentence })),
];
