/**
 * The body of a DAG as the API has it → the draft that the cluster takes.
 */
import type { dagBody, NodeId, NodePlace } from '@stormglass/core';
import type * as z from 'zod';
import type { DagDraft } from '../cluster-port.ts';

/** Places of nodes that the DAG has; taken by own name, so a node may be called `__proto__`. */
function layoutOf(
  layout: Readonly<Record<string, NodePlace>>,
  nodes: readonly { readonly id: NodeId }[],
): ReadonlyMap<NodeId, NodePlace> {
  const places = new Map(Object.entries(layout));
  return new Map(
    nodes.flatMap(({ id }) => {
      const place = places.get(id);
      return place === undefined ? [] : [[id, place] as const];
    }),
  );
}

export function draftOf(name: string, body: z.output<typeof dagBody>): DagDraft {
  const { layout, ...rest } = body;
  return layout === undefined
    ? { name, ...rest }
    : { name, ...rest, layout: layoutOf(layout, body.nodes) };
}
