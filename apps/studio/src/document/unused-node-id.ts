/**
 * A free node id made from a function's name: `square`, then `square2`, `square3`.
 */
import type { NodeId } from '@stormglass/core';
import type { DagDocument } from './document.ts';

const ID_LENGTH_MAX = 64;

export function unusedNodeId(document: DagDocument, base: string): NodeId {
  const taken = new Set(document.nodes.map((node) => node.id));
  if (!taken.has(base)) return base;
  for (let count = 2; ; count++) {
    const suffix = String(count);
    const id = base.slice(0, ID_LENGTH_MAX - suffix.length) + suffix;
    if (!taken.has(id)) return id;
  }
}
