/**
 * How an invocation ended, as the cluster keeps it and as the server remembers it.
 */
import type { ConsistencyLevel, InvocationAnswer, InvocationId } from '@stormglass/core';
import type { InvocationOutcome } from '../cluster-port.ts';

export function outcomeOfAnswer(answer: InvocationAnswer): InvocationOutcome {
  const { attempts, durationUs, failure, results, sessionToken } = answer;
  return failure === undefined
    ? { ok: true, results, attempts, durationUs, sessionToken }
    : { ok: false, failure, attempts, durationUs };
}

export function answerOfOutcome(
  run: { readonly invocation: InvocationId; readonly consistency: ConsistencyLevel },
  outcome: InvocationOutcome,
): InvocationAnswer {
  const { invocation, consistency } = run;
  const { attempts, durationUs } = outcome;
  const ended = outcome.ok
    ? { results: new Map(outcome.results), sessionToken: outcome.sessionToken }
    : { results: new Map(), sessionToken: '', failure: outcome.failure };
  return { invocation, consistency, attempts, durationUs, ...ended };
}
