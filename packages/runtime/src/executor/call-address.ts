/**
 * The address of a running function, what `cloud.id` gives: the executor, the attempt, the node
 * (protocols.md 1.8 and X7: unique per invocation, so mail for one call never reaches the next on
 * the same executor).
 */
import {
  executorAddress,
  type Address,
  type ExecutorId,
  type InvocationId,
  type NodeId,
} from '@stormglass/core';

export const callAddress = (call: {
  readonly executor: ExecutorId;
  readonly invocation: InvocationId;
  readonly attempt: number;
  readonly node: NodeId;
}): string => `${call.executor}#${call.invocation}.${call.attempt}.${call.node}`;

/** The role that a call address lives at, or `undefined` when the text is no call address. */
export const executorOfCall = (address: string): Address | undefined => {
  const cut = address.indexOf('#');
  return cut > 0 ? executorAddress(address.slice(0, cut)) : undefined;
};
