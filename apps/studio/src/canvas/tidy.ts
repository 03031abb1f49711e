/**
 * The Tidy command: one gesture that places everything anew.
 */
import type { FunctionSummary, NodeId, NodePlace } from '@stormglass/core';
import type { DagDocument } from '../document/document.ts';
import { getDocument } from '../document/document-store.ts';
import { loadFunctions, functionStore } from '../library/function-store.ts';
import { moveTo } from './gestures.ts';
import { tell } from './interactions/interaction-store.ts';
import { layoutRequestOf, requestLayout } from './layout/request-layout.ts';

type Heights = ReadonlyMap<NodeId, number>;

export async function tidy(heights: Heights): Promise<void> {
  const { functions } = functionStore.getState();
  const places = await requestLayout(layoutRequestOf(getDocument(), functions, heights));
  moveTo([...places], 'Tidy up');
  tell('Tidied up. Undo puts everything back.');
}

async function knownFunctions(): Promise<ReadonlyMap<string, FunctionSummary> | undefined> {
  if (functionStore.getState().functions === undefined) await loadFunctions();
  return functionStore.getState().functions;
}

/** Places for a DAG that came without any. */
export async function placeNodes(document: DagDocument): Promise<ReadonlyMap<NodeId, NodePlace>> {
  const functions = await knownFunctions();
  return requestLayout(layoutRequestOf(document, functions, new Map()));
}
