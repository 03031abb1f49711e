/**
 * Adding a node.
 */
import type { FunctionName, NodeId, NodePlace } from '@stormglass/core';
import type { DagDocument } from '../document.ts';

export interface AddNode {
  readonly type: 'add-node';
  readonly id: NodeId;
  readonly function: FunctionName;
  readonly place: NodePlace;
}

/** Puts a node on the canvas. An id that is taken changes nothing. */
export function addNode(document: DagDocument, command: AddNode): DagDocument {
  if (document.places.has(command.id)) return document;
  return {
    ...document,
    nodes: [...document.nodes, { id: command.id, function: command.function }],
    places: new Map(document.places).set(command.id, command.place),
  };
}
