/**
 * Invocations that a client asks for again, because the server died before it answered: every try
 * is an invocation of its own, named after the first.
 */
import type { InvocationId } from '@stormglass/core';

const MARK = '~';

/** The first try has the name of the step; `number` counts from 1. */
export const tryOf = (invocation: InvocationId, number: number): InvocationId =>
  number === 1 ? invocation : `${invocation}${MARK}${number}`;

/** The step that a try belongs to. */
export const stepOfTry = (invocation: InvocationId): InvocationId => {
  const at = invocation.indexOf(MARK);
  return at === -1 ? invocation : invocation.slice(0, at);
};
