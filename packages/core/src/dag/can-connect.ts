/**
 * Whether an edge may be drawn, and the sentence to show where it may not (studio.md 3.4, "Rules
 * for links").
 */
import type { NodeId } from '../ids.ts';
import type { DagEdge, Parameter } from './dag.ts';
import type { DagShape } from './dag-shape.ts';
import { findPath } from './find-cycles.ts';
import { type FunctionOf, loopText } from './validate-dag.ts';

export type ConnectAnswer =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly reason: string;
      /** The loop that the edge would close: its nodes in order, beginning where the edge begins. */
      readonly cycle?: readonly NodeId[] | undefined;
    };

export function canConnect(dag: DagShape, functionOf: FunctionOf, edge: DagEdge): ConnectAnswer {
  const missing = [edge.from, edge.to].find((id) => dag.nodes.every((node) => node.id !== id));
  if (missing !== undefined) return refuse(`There is no ${missing} here.`);
  if (edge.from === edge.to) {
    return { ...refuse('A function cannot wait for itself.'), cycle: [edge.from] };
  }
  const path = findPath(dag, edge.to, edge.from);
  if (path !== undefined) {
    const cycle = [edge.from, ...path.slice(0, -1)];
    return { ...refuse(`This would close a loop: ${loopText(cycle)}.`), cycle };
  }
  return canBind(dag, functionOf, edge);
}

function canBind(dag: DagShape, functionOf: FunctionOf, edge: DagEdge): ConnectAnswer {
  const { from, to, parameter } = edge;
  const bound = dag.edges.find((other) => other.to === to && other.parameter === parameter);
  if (bound?.from === from) return refuse('Already linked.');
  const target = dag.nodes.find((node) => node.id === to);
  const parameters = target === undefined ? undefined : functionOf(target.function)?.parameters;
  if (bound !== undefined) {
    return refuse(`${argumentText(parameters, parameter)} already comes from ${bound.from}.`);
  }
  if (parameters !== undefined && !parameters.some((known) => known.name === parameter)) {
    return refuse(`${to} has no argument ${parameter}.`);
  }
  return { ok: true };
}

const refuse = (reason: string) => ({ ok: false, reason }) as const;

function argumentText(parameters: readonly Parameter[] | undefined, name: string): string {
  const at = parameters?.findIndex((parameter) => parameter.name === name) ?? -1;
  return at < 0 ? `Argument ${name}` : `Argument ${at + 1}`;
}
