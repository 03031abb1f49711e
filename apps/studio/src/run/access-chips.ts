/**
 * Which reads and writes of a node stand on its strip: at most four, the rest counted. Pure.
 */
import type { VersionVector } from '@stormglass/core';
import type { NodeRun, ReadRecord, WriteRecord } from './node-run.ts';

export const CHIPS_MAX = 4;

export type Access = ReadRecord | WriteRecord;

export interface AccessStrip {
  readonly shown: readonly Access[];
  readonly hiddenReads: number;
  readonly hiddenWrites: number;
}

/**
 * The first reads and, where there are writes, at least one of them; in the order they happened. What
 * is shown stays shown while more arrives, except that a first write may take the last read's place.
 */
export function accessStripOf(run: Pick<NodeRun, 'reads' | 'writes'>): AccessStrip {
  const { reads, writes } = run;
  const writeCount = Math.min(writes.length, Math.max(1, CHIPS_MAX - reads.length));
  const readCount = Math.min(reads.length, CHIPS_MAX - Math.min(writes.length, writeCount));
  const shown: Access[] = [...reads.slice(0, readCount), ...writes.slice(0, writeCount)];
  return {
    shown: shown.toSorted((a, b) => a.seq - b.seq),
    hiddenReads: reads.length - readCount,
    hiddenWrites: writes.length - writeCount,
  };
}

/** The version of the key that this node saw or wrote just before: what a newer version is drawn against. */
export function versionBefore(
  run: Pick<NodeRun, 'reads' | 'writes'>,
  access: Access,
): VersionVector | undefined {
  if (access.kind === 'cache.write' && access.before !== undefined) return access.before;
  const read = lastBefore(run.reads, access);
  const write = lastBefore(run.writes, access);
  return (write?.seq ?? 0) > (read?.seq ?? 0) ? write?.version : read?.version;
}

/** Looks only at what came before: a strip is drawn often, and its chips are the first of many. */
function lastBefore(accesses: readonly Access[], { key, seq }: Access): Access | undefined {
  let found: Access | undefined;
  for (const other of accesses) {
    if (other.seq >= seq) break;
    if (other.key === key) found = other;
  }
  return found;
}
