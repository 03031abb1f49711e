/**
 * Everything that must hold in a recorded history, by the level of each invocation. Independent of
 * what made the history: it knows the record, and the definitions.
 */
import { checkCacheCut } from './check-cache-cut.ts';
import { checkConvergence, checkLeftovers } from './check-convergence.ts';
import { checkDependencies } from './check-dependencies.ts';
import { checkAnswers, checkCommits, checkCounters } from './check-effects.ts';
import { checkGiven } from './check-given.ts';
import { checkOwnWrites } from './check-own-writes.ts';
import { checkReadCut } from './check-read-cut.ts';
import { checkRepeatableRead } from './check-repeatable-read.ts';
import { checkSessionCausality } from './check-session-causality.ts';
import { checkSiblings } from './check-siblings.ts';
import { checkStamps } from './check-stamps.ts';
import { checkWellFormed, cycleViolation } from './check-well-formed.ts';
import { evidenceOf } from './evidence.ts';
import type { Level, RecordedHistory } from './history.ts';
import type { Violation } from './violation.ts';

export interface CheckOptions {
  /** Judge every session as if it had been promised this level. */
  readonly as?: Level | undefined;
  /**
   * Ask of causal-cut what a store promises that pins whatever an attempt has read: one version of a
   * key, and a cut along every path of attempts that do not commit as well.
   */
  readonly isCutPinned?: boolean | undefined;
}

/** Empty when nothing is wrong. A history whose operations precede themselves is judged no further. */
export function checkHistory(
  history: RecordedHistory,
  { as, isCutPinned = false }: CheckOptions = {},
): readonly Violation[] {
  const evidence = evidenceOf(history, as);
  const { indexed } = evidence;
  const found: Violation[] = [...checkWellFormed(indexed)];
  if ('cycle' in evidence) return [...found, cycleViolation(evidence.cycle)];
  for (const attempt of indexed.attempts) {
    found.push(...checkOwnWrites(indexed, evidence.replacement, attempt));
    found.push(...checkStamps(indexed, attempt));
    const isCut = attempt.level === 'causal-cut';
    if (attempt.level === 'repeatable-read' || (isCut && isCutPinned)) {
      found.push(...checkRepeatableRead(indexed, attempt));
    }
    if (isCut && (attempt.status === 'committed' || isCutPinned)) {
      found.push(...checkReadCut(evidence, attempt));
    }
  }
  found.push(...checkGiven(indexed), ...checkSiblings(evidence));
  found.push(...checkSessionCausality(evidence), ...checkDependencies(evidence));
  for (const invocation of history.invocations) {
    found.push(...checkAnswers(invocation, history.isComplete), ...checkCommits(invocation));
  }
  found.push(...checkCounters(indexed), ...checkConvergence(evidence));
  for (const snapshot of history.caches) found.push(...checkCacheCut(snapshot));
  for (const leftovers of history.leftovers) found.push(...checkLeftovers(leftovers));
  return found;
}
