/**
 * One invocation's records from two places: its trace and the stream. Each record once, in order of
 * `seq`. Pure.
 */
import type { EventRecord } from '@stormglass/core';

export function mergeRecords(
  traced: readonly EventRecord[],
  streamed: readonly EventRecord[],
): readonly EventRecord[] {
  if (traced.length === 0) return streamed;
  if (streamed.length === 0) return traced;
  const bySeq = new Map<number, EventRecord>();
  for (const record of traced) bySeq.set(record.seq, record);
  for (const record of streamed) bySeq.set(record.seq, record);
  return [...bySeq.values()].toSorted((a, b) => a.seq - b.seq);
}
