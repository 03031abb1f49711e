/**
 * Which mark and which words a read or a write gets. Pure.
 */
import type { MarkKind } from './marks/mark-shapes.ts';
import type { ReadRecord, WriteRecord } from './node-run.ts';

export function markOfRead(read: ReadRecord): MarkKind {
  if (read.outcome !== 'hit') return read.outcome;
  return read.rule.endsWith('/pinned') ? 'pinned' : 'hit';
}

export const markOfWrite = (write: WriteRecord): MarkKind =>
  write.operation === 'merge' ? 'merge' : 'write';

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

/** Keeps the part after the last separator, which tells keys of one family apart: `posts:ann` → `…:ann`. */
export function shortKey(key: string, lengthMax = 14): string {
  if (key.length <= lengthMax) return key;
  const tail = key.slice(-(lengthMax - 1));
  const separator = tail.search(/[:/.]/u);
  return `…${separator > 0 && separator < tail.length - 4 ? tail.slice(separator) : tail}`;
}
