/** What a checker says when a history is wrong: a class, a sentence, and the operations that show it. */
import type { Op } from './indexed-history.ts';

export interface OperationReference {
  readonly session: string;
  /** From 0, within the session. */
  readonly index: number;
}

export interface Violation {
  /** Stable: what shrinking and counting go by. */
  readonly class: string;
  /** Where it is about one key. */
  readonly key?: string | undefined;
  readonly sentence: string;
  readonly witness: readonly OperationReference[];
}

export function violation(
  name: string,
  sentence: string,
  witness: readonly Op[] = [],
  key: string | undefined = witness[0]?.key,
): Violation {
  return {
    class: name,
    key,
    sentence,
    witness: witness.map(({ sessionId, index }) => ({ session: sessionId, index })),
  };
}

/** How an operation is named in a sentence: who did what. */
export function say(op: Op): string {
  const { operation } = op;
  const shown =
    operation.kind === 'write'
      ? `${operation.effect.kind === 'put' ? 'put' : operation.effect.kind} ${operation.value}`
      : `got ${operation.values?.join(' | ') || (operation.state ?? 'nothing')}`;
  const rule =
    operation.kind === 'read' && operation.rule !== undefined ? ` (${operation.rule})` : '';
  return `${op.sessionId}[${op.index}] ${shown} at ${op.key}${rule}`;
}
