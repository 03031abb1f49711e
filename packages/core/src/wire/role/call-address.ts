/**
 * The address of a running function, what `cloud.id` gives: the executor, the attempt, the node
 * (protocols.md 1.8 and X7: unique per invocation, so mail for one call never reaches the next on
 * the same executor).
 */
import type { ExecutorId, InvocationId, NodeId } from '../../ids.ts';

export interface CallPlace {
  readonly executor: ExecutorId;
  readonly invocation: InvocationId;
  readonly attempt: number;
  readonly node: NodeId;
}

export const callAddress = ({ executor, invocation, attempt, node }: CallPlace): string =>
  `${executor}#${invocation}.${attempt}.${node}`;

const PATTERN = /^(?<executor>[^#]+)#(?<invocation>[^.]+)\.(?<attempt>\d+)\.(?<node>[^.]+)$/u;

/** `undefined` when the text is no call address. */
export const parseCallAddress = (address: string): CallPlace | undefined => {
  const { executor, invocation, attempt, node } = PATTERN.exec(address)?.groups ?? {};
  if (executor === undefined || invocation === undefined || node === undefined) return undefined;
  return { executor, invocation, attempt: Number(attempt), node };
};
