/**
 * Which reads and writes of a node stand on its strip: at most four, the rest counted. Pure.
 */
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

/**
 * The version of the key that this node saw or wrote just before: what a newer version is drawn
 * against.
 */
export function versionBefore(run: Pick<NodeRun, 'reads' | 'writes'>, access: Access) {
  if (access.kind === 'cache.write' && access.before !== undefined) return access.before;
  return [...run.reads, ...run.writes]
    .filter((other) => other.key === access.key && other.seq < access.seq)
    .toSorted((a, b) => b.seq - a.seq)[0]?.version;
}
