/**
 * A problem that has a place in a source text: where the server found it, in words for a person.
 */
import type { ApiProblem } from '../api/request.ts';

export interface SourceProblem {
  readonly message: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
}

export function sourceProblemOf(problem: ApiProblem | undefined): SourceProblem | undefined {
  if (problem === undefined) return undefined;
  const { line, column, detail } = problem;
  if (typeof line !== 'number') return undefined;
  return { message: detail, line, column: typeof column === 'number' ? column : 1 };
}
