/**
 * How an invocation ends for the one who asked, and in the event log.
 */
import { encodeSessionToken, type Failure, type MessageOf, type Session } from '@stormglass/core';
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
    attempts: 0,
    durationUs: 0,
    results: new Map(),
    sessionToken: '',
    failure,
  });

export const conclude = (
  invocation: Invocation,
  end: { readonly session?: Session | undefined; readonly failure?: Failure | undefined },
  ports: Ports,
): void => {
  const { request } = invocation;
  const { session, failure } = end;
  const durationUs = ports.clock.nowUs() - invocation.startedUs;
  if (request.trace) {
    ports.events.emit({
      kind: 'invocation.finished',
      invocation: invocation.id,
      status: statusOf(failure),
      durationUs,
      attempts: invocation.attempt,
      error:
        failure === undefined
          ? undefined
          : { type: failure.type, detail: failure.detail, node: failure.node },
    });
  }
  ports.transport.send(request.from, {
    type: 'invoked',
    request: request.request,
    invocation: request.invocation,
    attempts: invocation.attempt,
    durationUs,
    results: invocation.results,
    sessionToken: session === undefined ? '' : encodeSessionToken(session),
    failure,
  });
};

const statusOf = (failure: Failure | undefined): 'succeeded' | 'failed' | 'cancelled' => {
  if (failure === undefined) return 'succeeded';
  return failure.type === 'cancelled' ? 'cancelled' : 'failed';
};
