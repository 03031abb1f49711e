/**
 * The marks of reads, writes and node states as path data on a 12 × 12 grid (studio.md 3.6). Shape
 * carries the meaning, colour only confirms it.
 */

export type MarkKind =
  | 'hit'
  | 'pinned'
  | 'miss'
  | 'upstream'
  | 'refused'
  | 'write'
  | 'uncommitted'
  | 'merge'
  | 'siblings'
  | 'update'
  | 'left';

export interface MarkShape {
  /** Path data; a subpath per stroke. */
  readonly path: string;
  readonly drawn: 'filled' | 'outlined';
  /** The colour token. */
  readonly colour: string;
  /** What a screen reader says. */
  readonly words: string;
}

export const markShapes: Readonly<Record<MarkKind, MarkShape>> = {
  hit: {
    path: 'M2 2H10V10H2Z',
    drawn: 'filled',
    colour: 'var(--mark-hit)',
    words: 'served by this cache',
  },
  pinned: {
    path: 'M2.5 1H9.5V8H2.5Z M5.25 8H6.75V10H9.5V11.5H2.5V10H5.25Z',
    drawn: 'filled',
    colour: 'var(--mark-hit)',
    words: 'served by the pinned version',
  },
  miss: {
    path: 'M6 1.4L10.6 6L6 10.6L1.4 6Z',
    drawn: 'outlined',
    colour: 'var(--mark-miss)',
    words: 'fetched from the store',
  },
  upstream: {
    path: 'M1.8 2L5.6 6L1.8 10 M6.2 2L10 6L6.2 10',
    drawn: 'outlined',
    colour: 'var(--mark-upstream)',
    words: 'fetched from an upstream cache',
  },
  refused: {
    path: 'M1.8 1.8H10.2V10.2H1.8Z M3.6 3.6L8.4 8.4 M8.4 3.6L3.6 8.4',
    drawn: 'outlined',
    colour: 'var(--mark-neutral)',
    words: 'local version refused',
  },
  write: {
    path: 'M6 1.6L11 10.4H1Z',
    drawn: 'filled',
    colour: 'var(--mark-neutral)',
    words: 'written',
  },
  uncommitted: {
    path: 'M6 2L10.4 10H1.6Z',
    drawn: 'outlined',
    colour: 'var(--mark-neutral)',
    words: 'written, not committed',
  },
  merge: {
    path: 'M2 1.5L6 6L10 1.5 M6 6V11',
    drawn: 'outlined',
    colour: 'var(--mark-merge)',
    words: 'merged',
  },
  siblings: {
    path: 'M1.5 1.5H8V8H1.5Z M4 4H10.5V10.5H4Z',
    drawn: 'outlined',
    colour: 'var(--mark-conflict)',
    words: 'concurrent values',
  },
  update: {
    path: 'M10.2 6A4.2 4.2 0 1 1 1.8 6A4.2 4.2 0 1 1 10.2 6Z',
    drawn: 'outlined',
    colour: 'var(--mark-neutral)',
    words: 'update received',
  },
  left: {
    path: 'M2.5 2.5L9.5 9.5 M9.5 2.5L2.5 9.5',
    drawn: 'outlined',
    colour: 'var(--mark-neutral)',
    words: 'left the cache',
  },
};
