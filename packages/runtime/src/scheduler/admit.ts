/**
 * Whether the scheduler takes an invocation, and on what terms.
 */
import {
  decodeSessionToken,
  fail,
  SESSION_TOKEN_LENGTH_MAX,
  succeed,
  type ConsistencyLevel,
  type MessageOf,
  type Result,
  type SessionToken,
} from '@stormglass/core';
import { INVOCATION_TIMEOUT_MS_DEFAULT, INVOCATIONS_MAX } from '../limits.ts';
import type { Plan } from './plan.ts';

export interface Terms {
  readonly plan: Plan;
  readonly level: ConsistencyLevel;
  readonly token: SessionToken | undefined;
  readonly timeoutMs: number;
}

const unreadable = ({ length }: string): string =>
  length > SESSION_TOKEN_LENGTH_MAX
    ? `The session token has ${length} characters, the limit is ${SESSION_TOKEN_LENGTH_MAX}: that ` +
      'session has met too many keys to be continued. Start without a token.'
    : 'The session token cannot be read. Use the "session" of an earlier answer, unchanged.';

/** @param underWay how many invocations the scheduler has in hand */
export const admit = (
  request: MessageOf<'scheduler.invoke'>,
  plan: Plan,
  underWay: number,
): Result<Terms> => {
  if (underWay >= INVOCATIONS_MAX) {
    return fail({
      type: 'overloaded',
      detail: `${INVOCATIONS_MAX} invocations are under way. Try again in a moment.`,
    });
  }
  const token =
    request.sessionToken === undefined ? undefined : decodeSessionToken(request.sessionToken);
  if (request.sessionToken !== undefined && token === undefined) {
    return fail({
      type: 'invalid-session',
      detail: unreadable(request.sessionToken),
    });
  }
  if (request.store !== undefined && plan.sinks.length > 1) {
    return fail({
      type: 'invalid-request',
      detail: `"store" needs one sink; ${plan.label} has ${plan.sinks.join(', ')}.`,
    });
  }
  return succeed({
    plan,
    level: request.consistency ?? plan.dag.consistency ?? 'lww',
    token,
    timeoutMs: request.timeoutMs ?? plan.dag.timeoutMs ?? INVOCATION_TIMEOUT_MS_DEFAULT,
  });
};
