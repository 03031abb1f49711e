/**
 * Where a link may end, and the edge that two ends make.
 */
import type { DagEdge, FunctionSummary, NodeId } from '@stormglass/core';
import type { DagDocument } from '../../document/document.ts';
import { refusalOf } from '../connection-rule.ts';
import type { LinkEnd, LinkTarget } from './interaction-store.ts';

type Functions = ReadonlyMap<string, FunctionSummary>;

/** The free parameters that a node's result may feed, in the order of nodes and signatures. */
export function targetsOf(
  document: DagDocument,
  functions: Functions,
  from: NodeId,
): readonly LinkTarget[] {
  return document.nodes.flatMap((node) => {
    const parameters = functions.get(node.function)?.parameters ?? [];
    return parameters
      .filter((parameter) => {
        return refusalOf(document, functions, { from, to: node.id, parameter }) === undefined;
      })
      .map((parameter) => ({ node: node.id, parameter }));
  });
}

/** The edge between a drawn link's beginning and a node, at its first free place; none when nothing fits. */
export function edgeToNode(
  document: DagDocument,
  functions: Functions,
  from: LinkEnd,
  node: NodeId,
): DagEdge | undefined {
  if (from.at === 'parameter') {
    const edge = { from: node, to: from.node, parameter: from.parameter };
    return refusalOf(document, functions, edge) === undefined ? edge : undefined;
  }
  const name = document.nodes.find(({ id }) => id === node)?.function;
  const parameters = name === undefined ? [] : (functions.get(name)?.parameters ?? []);
  return parameters
    .map((parameter) => ({ from: from.node, to: node, parameter }))
    .find((edge) => refusalOf(document, functions, edge) === undefined);
}
