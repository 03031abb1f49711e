/**
 * What the person has selected on the canvas, shared by canvas, inspector and run views. Never part of undo.
 */
import type { FunctionName, NodeId } from '@stormglass/core';
import { createStore, useStore } from 'zustand';
import type { EdgeKey } from './edge-key.ts';

export interface Selection {
  /** The one node that the inspector shows: the last one selected. */
  readonly selectedNode: NodeId | undefined;
  readonly nodes: ReadonlySet<NodeId>;
  readonly edges: ReadonlySet<EdgeKey>;
  /** A function opened from the library while no node is selected. */
  readonly openFunction: FunctionName | undefined;
}

const nothing: Selection = {
  selectedNode: undefined,
  nodes: new Set(),
  edges: new Set(),
  openFunction: undefined,
};

export const selectionStore = createStore<Selection>(() => nothing);

export const useSelectedNode = (): NodeId | undefined =>
  useStore(selectionStore, (selection) => selection.selectedNode);

export const clearSelection = (): void => selectionStore.setState(nothing, true);

export function selectNode(node: NodeId): void {
  selectionStore.setState({ ...nothing, selectedNode: node, nodes: new Set([node]) }, true);
}

export function selectFunction(name: FunctionName): void {
  selectionStore.setState({ ...nothing, openFunction: name }, true);
}

/** `focus` becomes the inspected node when it is among `nodes`, else the only one does. */
export function selectMany(
  nodes: ReadonlySet<NodeId>,
  edges: ReadonlySet<EdgeKey>,
  focus?: NodeId,
): void {
  const [only] = nodes;
  const single = nodes.size === 1 ? only : undefined;
  const selectedNode = focus !== undefined && nodes.has(focus) ? focus : single;
  selectionStore.setState({ ...nothing, selectedNode, nodes, edges }, true);
}
