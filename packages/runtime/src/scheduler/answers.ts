/**
 * How an invocation ends for the one who asked, and in the event log.
 */
import {
  encodeSessionToken,
  type Failure,
  type InvocationAnswer,
  type MessageOf,
  type Session,
} from '@stormglass/core';
import type { Ports } from '../ports/ports.ts';
import type { Invocation } from './invocation.ts';

/** The invocation was never taken: nothing happened. */
export const answerRefusal = (
  request: MessageOf<'scheduler.invoke'>,
  failure: Failure,
  ports: Ports,
): void =>
  ports.transport.send(request.from, {
    type: 'invoked',
    request: request.request,
    invocation: request.invocation,
    consistency: request.consistency ?? 'lww',
    attempts: 0,
    durationUs: 0,
    results: new Map(),
    sessionToken: '',
    failure,
  });

/** What the invocation answers if it ends now. */
export const answerOf = (
  invocation: Invocation,
  end: { readonly session?: Session | undefined; readonly failure?: Failure | undefined },
  ports: Ports,
): InvocationAnswer => ({
  invocation: invocation.id,
  consistency: invocation.level,
  attempts: invocation.attempt,
  durationUs: ports.clock.nowUs() - invocation.startedUs,
  results: new Map(
    invocation.plan.sinks.flatMap((sink) =>
      invocation.results.has(sink) ? [[sink, invocation.results.get(sink)] as const] : [],
    ),
  ),
  sessionToken: end.session === undefined ? '' : encodeSessionToken(end.session),
  failure: end.failure,
});

/** @param answer of this invocation, or the earlier one to the same request */
export const conclude = (invocation: Invocation, answer: InvocationAnswer, ports: Ports): void => {
  const { request } = invocation;
  const { failure } = answer;
  if (request.trace) {
    ports.events.emit({
      kind: 'invocation.finished',
      invocation: invocation.id,
      status: statusOf(failure),
      durationUs: ports.clock.nowUs() - invocation.startedUs,
      attempts: invocation.attempt,
      error:
        failure === undefined
          ? undefined
          : { type: failure.type, detail: failure.detail, node: failure.node },
    });
  }
  ports.transport.send(request.from, { type: 'invoked', request: request.request, ...answer });
};

const statusOf = (failure: Failure | undefined): 'succeeded' | 'failed' | 'cancelled' => {
  if (failure === undefined) return 'succeeded';
  return failure.type === 'cancelled' ? 'cancelled' : 'failed';
};
