/**
 * The runs of one DAG, newest first: the server's list, and what the stream tells of those and newer
 * ones. Pure.
 */
import type { ClusterView, InvocationId, InvocationStatus, InvocationView } from '@stormglass/core';

export interface EarlierInvocation {
  readonly invocation: InvocationId;
  readonly status: InvocationStatus['status'];
  readonly consistency: InvocationStatus['consistency'];
  /** Wall time, milliseconds since 1970. */
  readonly startedAtMs: number | undefined;
  readonly durationUs: number | undefined;
  readonly attempts: number;
  /** Absent when the stream does not know this run any more. */
  readonly reads:
    | { readonly hits: number; readonly misses: number; readonly upstream: number }
    | undefined;
}

/** `clusterStartMs` is the wall time of the cluster's start as this page reckons it. */
export function earlierInvocationsOf(
  dag: string,
  listed: readonly InvocationStatus[],
  view: ClusterView,
  clusterStartMs: number | undefined,
): readonly EarlierInvocation[] {
  const streamed = new Map(
    view.invocations.filter((known) => known.dag === dag).map((known) => [known.invocation, known]),
  );
  const own = listed.filter((status) => status.dag === dag);
  const isListed = new Set(own.map((status) => status.invocation));
  const newer = [...streamed.values()]
    .filter((known) => !isListed.has(known.invocation))
    .toReversed()
    .map((known) => fromStream(known, clusterStartMs));
  const older = own.map((status) => fromList(status, streamed.get(status.invocation)));
  return [...newer, ...older].toSorted((a, b) => (b.startedAtMs ?? 0) - (a.startedAtMs ?? 0));
}

function fromStream(known: InvocationView, clusterStartMs: number | undefined): EarlierInvocation {
  return {
    invocation: known.invocation,
    status: known.status,
    consistency: known.consistency,
    startedAtMs:
      clusterStartMs === undefined ? undefined : clusterStartMs + known.startedAt / 1_000,
    durationUs: known.durationUs,
    attempts: known.attempt,
    reads: readsOf(known),
  };
}

/** The stream is ahead of a list that was fetched a moment ago. */
function fromList(status: InvocationStatus, known: InvocationView | undefined): EarlierInvocation {
  const listedUs = status.durationMs === undefined ? undefined : status.durationMs * 1_000;
  return {
    invocation: status.invocation,
    status: known?.status ?? status.status,
    consistency: status.consistency,
    startedAtMs: Date.parse(status.startedAt),
    durationUs: known?.durationUs ?? listedUs,
    attempts: known?.attempt ?? status.attempts,
    reads: known === undefined ? undefined : readsOf(known),
  };
}

function readsOf(known: InvocationView): EarlierInvocation['reads'] {
  const sum = { hits: 0, misses: 0, upstream: 0 };
  for (const node of Object.values(known.nodes)) {
    sum.hits += node.hits;
    sum.misses += node.misses;
    sum.upstream += node.upstream;
  }
  return sum;
}
