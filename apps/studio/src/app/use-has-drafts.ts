/**
 * Whether a function that is on the canvas, or open, was changed and not saved.
 */
import { useStore } from 'zustand';
import { useDocument } from '../document/document-store.ts';
import { selectionStore } from '../document/selection-store.ts';
import { useFunctions } from '../library/function-store.ts';

export function useHasDrafts(): boolean {
  const document = useDocument();
  const openFunction = useStore(selectionStore, (selection) => selection.openFunction);
  const drafts = useFunctions((state) => state.drafts);
  if (openFunction !== undefined && drafts.has(openFunction)) return true;
  return document.nodes.some((node) => drafts.has(node.function));
}
