/**
 * Where each argument of a node came from. Pure.
 */
import type { DagEdge, NodeId } from '@stormglass/core';
import type { NodeRun } from '../run/node-run.ts';
import { prettyJson } from '../run/sink-results.ts';

export interface ArgumentRow {
  readonly parameter: string;
  /** Pretty-printed JSON, cut by the server when long. */
  readonly text: string | undefined;
  readonly source: string;
  /** The node to go to, when it was another node's result. */
  readonly from: NodeId | undefined;
}

/**
 * Arguments that the run recorded; parameters that an edge feeds but nothing arrived at yet come after
 * them.
 */
export function argumentRowsOf(
  node: NodeId,
  run: Pick<NodeRun, 'arguments'>,
  edges: readonly DagEdge[],
): readonly ArgumentRow[] {
  const feeding = new Map(
    edges.filter((edge) => edge.to === node).map((edge) => [edge.parameter, edge.from]),
  );
  const given = Object.entries(run.arguments ?? {}).map(([parameter, text]): ArgumentRow => {
    const from = feeding.get(parameter);
    return {
      parameter,
      text: prettyJson(text),
      source: from === undefined ? 'given to the run' : `result of ${from}`,
      from,
    };
  });
  const known = new Set(given.map((row) => row.parameter));
  const awaited = [...feeding]
    .filter(([parameter]) => !known.has(parameter))
    .map(([parameter, from]): ArgumentRow => ({
      parameter,
      text: undefined,
      source: `result of ${from}`,
      from,
    }));
  return [...given, ...awaited];
}
