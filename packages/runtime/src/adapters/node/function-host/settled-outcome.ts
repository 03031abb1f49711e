/**
 * The outcome that the bridge reports for a call.
 */
import { problemTypes } from '@stormglass/core';
import type { ProblemType } from '@stormglass/core';
import type { Outcome } from '../../../ports/function-host.ts';
import type { ActiveCall } from './active-call.ts';
import { functionFailure } from './entry-failure.ts';
import { fileNameOf, thrownError } from './thrown-error.ts';

function isProblemType(type: string | undefined): type is ProblemType {
  return type !== undefined && Object.hasOwn(problemTypes, type);
}

/**
 * `texts` of `threw`: name, message, stack and, when the platform made the error, the problem's
 * type.
 */
export function settledOutcome(
  active: ActiveCall,
  tag: string,
  texts: readonly (string | undefined)[],
): Outcome {
  if (tag === 'returned') return { status: 'returned', value: texts[0] };
  const [name = '', message = '', stack = '', type] = texts;
  const { definition } = active.call;
  const error = thrownError({ name, message, stack }, fileNameOf(definition));
  const failure = functionFailure(definition, error);
  if (!isProblemType(type)) return { status: 'failed', failure };
  const refused = active.lastRefusal;
  const fields = refused?.type === type && refused.detail === message ? refused : {};
  return { status: 'failed', failure: { ...failure, ...fields, type, detail: message } };
}
