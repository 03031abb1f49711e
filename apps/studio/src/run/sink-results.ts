/**
 * What the shown run answered, one entry per sink: whole values once they were fetched, before that
 * what the stream previewed. Pure.
 */
import type { InvocationStatus, NodeId } from '@stormglass/core';
import type { NodeRun } from './node-run.ts';

export interface SinkResult {
  readonly node: NodeId | undefined;
  /** Pretty-printed JSON; `undefined` when the sink returned nothing. */
  readonly text: string | undefined;
  /** The stream's preview, cut when long; the whole value is on its way. */
  readonly isPreview: boolean;
}

export function sinkResultsOf(
  outcome: InvocationStatus | undefined,
  nodes: ReadonlyMap<NodeId, NodeRun>,
): readonly SinkResult[] {
  const sinks = [...nodes.values()].filter((run) => run.triggers.length === 0);
  if (outcome?.results !== undefined) {
    return Object.entries(outcome.results).map(([node, value]) => whole(node, value));
  }
  if (outcome?.status === 'succeeded') {
    return [whole(sinks.length === 1 ? sinks[0]?.node : undefined, outcome.result)];
  }
  return sinks
    .filter((run) => run.status === 'succeeded')
    .map((run) => ({ node: run.node, text: prettyJson(run.result), isPreview: true }));
}

const whole = (node: NodeId | undefined, value: unknown): SinkResult => ({
  node,
  text: value === undefined ? undefined : JSON.stringify(value, undefined, 2),
  isPreview: false,
});

/** Indents JSON text; text that was cut off in the middle stays as it is. */
export function prettyJson(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
