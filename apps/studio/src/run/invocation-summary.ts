/**
 * What an invocation is and how it ended, read off its records. Pure.
 */
import type { ConsistencyLevel, EventRecord, InvocationStatus } from '@stormglass/core';

export interface InvocationSummary {
  readonly invocation: string;
  /** The DAG, or `function:<name>`. */
  readonly dag: string;
  readonly dagVersion: number;
  readonly consistency: ConsistencyLevel;
  readonly status: InvocationStatus['status'];
  readonly attempt: number;
  /** Why the newest attempt exists, when it is not the first. */
  readonly cause?: string | undefined;
  /** Microseconds since the cluster started. */
  readonly startedAt: number;
  readonly durationUs?: number | undefined;
  readonly error?:
    | { readonly type: string; readonly detail: string; readonly node?: string | undefined }
    | undefined;
}

/** `undefined` while no record tells of a start. */
export function invocationSummaryOf(
  records: readonly EventRecord[],
): InvocationSummary | undefined {
  let summary: InvocationSummary | undefined;
  for (const record of records) {
    if (record.kind === 'invocation.started') {
      summary = {
        invocation: record.invocation,
        dag: record.dag,
        dagVersion: record.dagVersion,
        consistency: record.consistency,
        status: 'running',
        attempt: record.attempt,
        cause: record.cause,
        startedAt: summary?.startedAt ?? record.at,
      };
    } else if (record.kind === 'invocation.finished' && summary !== undefined) {
      summary = {
        ...summary,
        status: record.status,
        durationUs: record.durationUs,
        error: record.error,
      };
    }
  }
  return summary;
}
