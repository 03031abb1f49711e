/**
 * The required parameters of an invocation that nothing would fill (api.md, `missing-argument`).
 */
import type { NodeId } from '../ids.ts';
import type { DagShape } from './dag-shape.ts';
import type { FunctionOf } from './validate-dag.ts';

export interface MissingArgument {
  readonly node: NodeId;
  readonly parameter: string;
}

/** @param args whether the caller gives an argument for this parameter of this node */
export function missingArguments(
  dag: DagShape,
  functionOf: FunctionOf,
  args: (node: NodeId, parameter: string) => boolean,
): readonly MissingArgument[] {
  return dag.nodes.flatMap((node) => {
    const bound = new Set(
      dag.edges.filter((edge) => edge.to === node.id).map((edge) => edge.parameter),
    );
    const parameters = functionOf(node.function)?.parameters ?? [];
    return parameters
      .filter(({ name, required }) => required && !bound.has(name) && !args(node.id, name))
      .map(({ name }) => ({ node: node.id, parameter: name }));
  });
}
