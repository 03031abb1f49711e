/** The address of a DAG and of one of its runs: the address bar is the state (studio.md 3.0). */
import type { DagName, InvocationId } from '@stormglass/core';

export const dagAddress = (dag: DagName): string => `/d/${encodeURIComponent(dag)}`;

export const runAddress = (dag: DagName, invocation: InvocationId): string =>
  `${dagAddress(dag)}/r/${encodeURIComponent(invocation)}`;
