/**
 * How a run failed: the problem, the node, and the place in the user's own source. Pure.
 */
import type { InvocationStatus, NodeId } from '@stormglass/core';
import type { InvocationSummary } from './invocation-summary.ts';
import type { NodeRun } from './node-run.ts';

export interface RunFailure {
  /** The slug of the problem. */
  readonly type: string;
  readonly detail: string;
  readonly node?: NodeId | undefined;
  readonly function?: string | undefined;
  /** What the user's code threw. */
  readonly thrown?:
    | { readonly name: string; readonly message: string; readonly stack?: string | undefined }
    | undefined;
  /** 1-based position in the user's source. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

export function runFailureOf(
  summary: InvocationSummary | undefined,
  outcome: InvocationStatus | undefined,
  nodes: ReadonlyMap<NodeId, NodeRun>,
): RunFailure | undefined {
  const failed = [...nodes.values()].find((run) => run.status === 'failed');
  const problem = outcome?.error;
  if (summary?.status !== 'failed' && problem === undefined) return undefined;
  const error = failed?.error;
  const type = problem?.type ?? summary?.error?.type ?? error?.type ?? 'failed';
  return {
    type,
    detail: problem?.detail ?? summary?.error?.detail ?? error?.message ?? 'The run failed.',
    node: failed?.node ?? summary?.error?.node,
    function: failed?.function,
    thrown: type === 'function-failed' && error !== undefined ? error : undefined,
    line: error?.line,
    column: error?.column,
  };
}
