/**
 * Copy, cut and paste of nodes with the browser's own clipboard, wherever text is not meant.
 */
import type { NodeId } from '@stormglass/core';
import { useEffect, useEffectEvent } from 'react';
import type { RefObject } from 'react';
import { countText } from '../../run/format-amount.ts';
import { getDocument, performGesture } from '../../document/document-store.ts';
import { clearSelection, selectMany, selectionStore } from '../../document/selection-store.ts';
import { functionStore } from '../../library/function-store.ts';
import { copiedText, partOf, pasteOf, readCopied } from '../clipboard.ts';
import type { DagDocument } from '../../document/document.ts';
import { useReveal } from '../use-place-in-view.ts';
import { tell } from './interaction-store.ts';

const nodesText = (ids: Iterable<NodeId>): string => {
  const [only, ...more] = ids;
  return more.length === 0 && only !== undefined ? only : countText(more.length + 1, 'node');
};

/** The canvas, or nothing at all, has the keyboard, and no text is marked. */
function isAboutNodes(region: HTMLElement | null): boolean {
  const { activeElement } = document;
  const isHere =
    activeElement === null ||
    activeElement === document.body ||
    (region?.contains(activeElement) === true &&
      activeElement.closest('input, textarea, [contenteditable]') === null);
  const marked = document.getSelection()?.toString() ?? '';
  return isHere && marked === '' && document.querySelector('[role="dialog"]') === null;
}

/** Puts a copied part into the open document and selects it; answers with the new nodes. */
function putIn(part: DagDocument, verb: string): readonly NodeId[] {
  const { functions } = functionStore.getState();
  const { commands, ids } = pasteOf(getDocument(), part, functions);
  if (ids.length === 0) return ids;
  performGesture(`${verb} ${nodesText(ids)}`, ...commands);
  selectMany(new Set(ids), new Set());
  return ids;
}

/** The selected nodes once more, with the connections among them. */
export function duplicateSelected(): void {
  const { nodes } = selectionStore.getState();
  const ids = putIn(partOf(getDocument(), nodes), 'Duplicate');
  if (ids.length > 0) tell(`Duplicated as ${nodesText(ids)}.`);
}

export function useClipboard(region: RefObject<HTMLElement | null>): void {
  const reveal = useReveal();
  const copy = useEffectEvent((event: ClipboardEvent) => {
    const { nodes } = selectionStore.getState();
    if (nodes.size === 0 || !isAboutNodes(region.current)) return;
    event.preventDefault();
    event.clipboardData?.setData('text/plain', copiedText(partOf(getDocument(), nodes)));
    if (event.type === 'copy') {
      tell(`Copied ${nodesText(nodes)}.`);
      return;
    }
    performGesture(`Cut ${nodesText(nodes)}`, { type: 'remove', nodes: [...nodes], edges: [] });
    clearSelection();
    tell(`Cut ${nodesText(nodes)}.`);
  });
  const paste = useEffectEvent((event: ClipboardEvent) => {
    if (!isAboutNodes(region.current)) return;
    const part = readCopied(event.clipboardData?.getData('text/plain') ?? '');
    if (part === undefined) {
      tell('There are no nodes in the clipboard.');
      return;
    }
    event.preventDefault();
    const ids = putIn(part, 'Paste');
    tell(`Pasted ${nodesText(ids)}.`);
    const [first] = ids;
    if (first !== undefined) requestAnimationFrame(() => reveal(first));
  });
  useEffect(() => {
    document.addEventListener('copy', copy);
    document.addEventListener('cut', copy);
    document.addEventListener('paste', paste);
    return () => {
      document.removeEventListener('copy', copy);
      document.removeEventListener('cut', copy);
      document.removeEventListener('paste', paste);
    };
  }, []);
}
