/**
 * The word for each state, next to its shape (studio.md 3.6). Pure.
 */
import type { NodeRun, NodeStatus } from './node-run.ts';

export const statusWords: Readonly<Record<NodeStatus, string>> = {
  waiting: 'waiting',
  running: 'running',
  succeeded: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
  skipped: 'not reached',
};

/** What failed, in one or two words: the class of the error, or the kind of problem. */
export function failureWord(run: Pick<NodeRun, 'error'>): string {
  const { error } = run;
  if (error === undefined) return 'failed';
  return error.type === 'function-failed' ? error.name : error.type.replaceAll('-', ' ');
}
