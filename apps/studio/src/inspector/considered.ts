/**
 * Which sources a read could have been served from, as far as its event tells. Pure.
 */
import { compareVersions, orderingWords } from '../clock-glyph/clock-entries.ts';
import type { MarkKind } from '../run/marks/mark-shapes.ts';
import type { ReadRecord } from '../run/node-run.ts';

export interface Considered {
  readonly where: string;
  readonly mark: MarkKind;
  readonly isTaken: boolean;
  readonly words: string;
}

export function consideredOf(read: ReadRecord): readonly Considered[] {
  const isLocal = read.outcome === 'hit';
  const local: Considered = {
    where: `cache ${read.worker}`,
    mark: isLocal ? 'hit' : 'refused',
    isTaken: isLocal,
    words: localWords(read),
  };
  if (isLocal) return [local];
  const isStore = read.outcome === 'miss';
  return [
    local,
    {
      where: `${isStore ? 'storage' : 'cache'} ${read.from ?? ''}`.trim(),
      mark: read.outcome === 'miss' ? 'miss' : 'upstream',
      isTaken: true,
      words: isStore
        ? 'asked, because no cache could serve it'
        : 'holds the version that is needed',
    },
  ];
}

function localWords(read: ReadRecord): string {
  if (read.rule === 'session/own-write') return 'this run wrote it itself';
  if (read.found === undefined) {
    return read.outcome === 'hit' ? 'had it' : 'held no version of the key';
  }
  if (read.required === undefined) {
    return read.outcome === 'hit' ? 'had it, and nothing more was asked' : 'held another version';
  }
  const ordering = compareVersions(read.found, read.required);
  return `what it held ${comparedWithRequired[ordering]} (${orderingWords[ordering].sign})`;
}

const comparedWithRequired = {
  before: 'is older than required',
  same: 'is what was required',
  after: 'is newer than required',
  concurrent: 'and what was required: neither knows the other',
} as const;
