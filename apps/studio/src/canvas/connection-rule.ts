/**
 * Which connections are refused, and the sentence that says why: core's rule, asked about the open document.
 */
import { canConnect } from '@stormglass/core';
import type { DagEdge, FunctionOf, FunctionSummary, NodeId } from '@stormglass/core';
import type { DagDocument } from '../document/document.ts';

export interface Refusal {
  readonly reason: string;
  /** Nodes along the existing edges that the new one would close into a loop, in order; or none. */
  readonly path: readonly NodeId[];
}

type Functions = ReadonlyMap<string, FunctionSummary> | undefined;

const functionOf =
  (functions: Functions): FunctionOf =>
  (name) => {
    const summary = functions?.get(name);
    if (summary === undefined) return undefined;
    const optional = new Set(summary.optional);
    return {
      parameters: summary.parameters.map((parameter) => ({
        name: parameter,
        required: !optional.has(parameter),
      })),
    };
  };

export function refusalOf(
  document: DagDocument,
  functions: Functions,
  edge: DagEdge,
): Refusal | undefined {
  const answer = canConnect(document, functionOf(functions), edge);
  if (answer.ok) return undefined;
  const [first, ...rest] = answer.cycle ?? [];
  return { reason: answer.reason, path: first === undefined ? [] : [...rest, first] };
}
