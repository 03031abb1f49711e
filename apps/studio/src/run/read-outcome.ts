/**
 * Which mark and which words a read or a write gets. Pure.
 */
import type { MarkKind } from './marks/mark-shapes.ts';
import type { ReadRecord, WriteRecord } from './node-run.ts';

export function markOfRead(read: ReadRecord): MarkKind {
  if (read.outcome !== 'hit') return read.outcome;
  return read.rule.endsWith('/pinned') ? 'pinned' : 'hit';
}

export function markOfWrite(write: WriteRecord, isUncommitted = false): MarkKind {
  if (isUncommitted) return 'uncommitted';
  return write.operation === 'merge' ? 'merge' : 'write';
}

/** One word for the outcome, as on the marks' legend. */
export function outcomeWord(read: ReadRecord): string {
  if (read.rule === 'session/own-write') return 'own write';
  switch (read.outcome) {
    case 'hit':
      return markOfRead(read) === 'pinned' ? 'pinned' : 'hit';
    case 'miss':
      return 'miss';
    case 'upstream':
      return 'upstream';
  }
}

/** `from cache w1`, `from storage s2`, or nothing when this cache served it. */
export function sourceWords(read: ReadRecord): string {
  const { from, outcome } = read;
  if (from === undefined || outcome === 'hit') return 'from this cache';
  return outcome === 'miss' ? `from storage ${from}` : `from cache ${from}`;
}

export const operationWord: Readonly<Record<WriteRecord['operation'], string>> = {
  put: 'written',
  delete: 'deleted',
  merge: 'merged into',
};

/** A key's family and what tells it apart in there, such as `weather:seattle:` and `2012`. */
export function keyParts(key: string): { readonly family: string; readonly own: string } {
  const end = key.length - 1;
  const at = Math.max(...[':', '/', '.'].map((separator) => key.lastIndexOf(separator, end - 1)));
  return { family: key.slice(0, at + 1), own: key.slice(at + 1) };
}
