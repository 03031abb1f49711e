/**
 * The arguments of a call by parameter name: an upstream result, a literal, or a key that is read
 * first (api.md).
 */
import type { EncodedValue, Key, NodeId, Parameter } from '@stormglass/core';
import type { Run } from './run.ts';
import type { Trigger } from './trigger-inbox.ts';

export type ArgumentSource =
  | { readonly parameter: string; readonly value: EncodedValue | undefined }
  | { readonly parameter: string; readonly ref: Key };

/** In the order of the parameters. A parameter that nobody bound is left to its default. */
export const argumentSources = (
  run: Run,
  node: NodeId,
  triggers: ReadonlyMap<NodeId, Trigger>,
): readonly ArgumentSource[] => {
  const upstreamOf = new Map(run.incoming(node).map(({ from, parameter }) => [parameter, from]));
  const given = run.start.arguments.get(node);
  return run.definitionOf(node).parameters.map(({ name: parameter }: Parameter) => {
    const upstream = upstreamOf.get(parameter);
    if (upstream !== undefined) return { parameter, value: triggers.get(upstream)?.value };
    const argument = given?.get(parameter);
    if (argument === undefined) return { parameter, value: undefined };
    return 'ref' in argument
      ? { parameter, ref: argument.ref }
      : { parameter, value: argument.value };
  });
};
