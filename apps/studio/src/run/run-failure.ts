/**
 * How a run failed: the problem, the node, and the place in the user's own source. Pure.
 */
import type { InvocationStatus, NodeId } from '@stormglass/core';
import type { InvocationSummary } from './invocation-summary.ts';
import type { NodeError, NodeRun } from './node-run.ts';

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
  const problem = outcome?.error;
  // Somebody wanted it to end.
  if (problem?.type === 'cancelled') return undefined;
  if (summary?.status !== 'failed' && problem === undefined) return undefined;
  const failed = [...nodes.values()].find((run) => run.status === 'failed');
  // A run without a trace has no nodes to look at, but its problem says the same.
  const error = failed?.error ?? thrownOf(problem);
  const type = problem?.type ?? summary?.error?.type ?? error?.type ?? 'failed';
  return {
    type,
    detail: problem?.detail ?? summary?.error?.detail ?? error?.message ?? 'The run failed.',
    node: failed?.node ?? summary?.error?.node ?? textOf(problem?.['node']),
    function: failed?.function ?? textOf(problem?.['function']),
    thrown: type === 'function-failed' && error !== undefined ? error : undefined,
    line: error?.line,
    column: error?.column,
  };
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : undefined;

function thrownOf(problem: InvocationStatus['error']): NodeError | undefined {
  const error = problem?.['error'];
  if (typeof error !== 'object' || error === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(error));
  return {
    type: 'function-failed',
    name: textOf(fields.get('name')) ?? 'Error',
    message: textOf(fields.get('message')) ?? '',
    stack: textOf(fields.get('stack')),
    line: numberOf(fields.get('line')) ?? numberOf(problem?.['line']),
    column: numberOf(fields.get('column')) ?? numberOf(problem?.['column']),
  };
}
