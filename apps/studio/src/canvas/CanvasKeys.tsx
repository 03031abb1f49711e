/**
 * The keyboard on the canvas: walking, adding, connecting, moving, deleting. Everything the pointer can do.
 */
import { useReactFlow } from '@xyflow/react';
import { useEffect } from 'react';
import type { RefObject } from 'react';
import type { NodeId } from '@stormglass/core';
import { useCommandKeys } from '../app/commands.ts';
import { getDocument } from '../document/document-store.ts';
import {
  clearSelection,
  selectMany,
  selectNode,
  selectionStore,
} from '../document/selection-store.ts';
import { openTab } from '../inspector/inspector-tab-store.ts';
import { functionStore } from '../library/function-store.ts';
import { keepFitted } from './fitted-view.ts';
import { disconnectInputs, removeSelected } from './gestures.ts';
import {
  announce,
  clearRefusal,
  interact,
  interactionStore,
  stopInteraction,
  tell,
} from './interactions/interaction-store.ts';
import { targetsOf } from './interactions/link-targets.ts';
import { duplicateSelected, useClipboard } from './interactions/use-clipboard.ts';
import { usePickingKeys } from './interactions/use-picking-keys.ts';
import { nudge } from './nudge.ts';
import { usePlaceInView, useReveal } from './use-place-in-view.ts';
import { useFit } from './use-fit.ts';
import { useTidy } from './use-tidy.ts';
import { walk } from './walk.ts';
import type { WalkDirection } from './walk.ts';

type Region = RefObject<HTMLDivElement | null>;

function focusNode(region: HTMLElement | null, node: NodeId): void {
  const element = region?.querySelector(`.react-flow__node[data-id="${CSS.escape(node)}"]`);
  if (element instanceof HTMLElement) element.focus({ preventScroll: true });
}

/** The node that has the keyboard without being selected, as after Tab. */
function focusedNode(region: HTMLElement | null): NodeId | undefined {
  const { activeElement } = document;
  if (activeElement === null || region?.contains(activeElement) !== true) return undefined;
  return activeElement.closest('.react-flow__node')?.getAttribute('data-id') ?? undefined;
}

function startConnecting(): void {
  const { selectedNode } = selectionStore.getState();
  const { functions } = functionStore.getState();
  if (selectedNode === undefined || functions === undefined) {
    tell('Select the function whose result you want to connect.');
    return;
  }
  const targets = targetsOf(getDocument(), functions, selectedNode);
  if (targets.length === 0) {
    tell(`Nothing here can take the result of ${selectedNode}.`);
    return;
  }
  interact({ is: 'picking-target', from: selectedNode, targets, active: 0 });
  const places = targets.length === 1 ? '1 place fits' : `${targets.length} places fit`;
  announce(`Connecting from ${selectedNode}, result. ${places}.`);
}

function selectAll(): void {
  selectMany(new Set(getDocument().nodes.map(({ id }) => id)), new Set());
}

function stepBack(): void {
  clearRefusal();
  if (interactionStore.getState().interaction.is === 'idle') clearSelection();
  else stopInteraction();
}

function renameSelected(): void {
  const { selectedNode } = selectionStore.getState();
  if (selectedNode !== undefined) interact({ is: 'renaming', node: selectedNode });
}

/** Puts the keyboard where the code of the selected function is. */
function enterCode(): void {
  openTab('code');
  requestAnimationFrame(() => {
    const code = document.querySelector('[data-testid="code-editor"] .cm-content');
    if (code instanceof HTMLElement) code.focus();
  });
}

/** Walking moves the keyboard too, and the view follows only when the node is out of it. */
function useWalk(region: Region) {
  const reveal = useReveal();
  return (direction: WalkDirection) => {
    const { selectedNode } = selectionStore.getState();
    const focused = focusedNode(region.current);
    const start = selectedNode ?? focused ?? getDocument().nodes[0]?.id;
    if (start === undefined) return;
    const isHere = selectedNode !== undefined || focused !== undefined;
    const there = isHere ? walk(getDocument(), start, direction) : start;
    // Where there is no way, the node that has the keyboard is at least selected.
    const next = there ?? (selectedNode === undefined ? start : undefined);
    if (next === undefined) return;
    selectNode(next);
    requestAnimationFrame(() => focusNode(region.current, next));
    reveal(next);
  };
}

/** Back to the canvas when a list or a field on it goes away. */
function useFocusReturn(region: Region): void {
  useEffect(
    () =>
      interactionStore.subscribe(({ interaction }, before) => {
        const wasOpen = before.interaction.is === 'adding' || before.interaction.is === 'renaming';
        if (interaction.is !== 'idle' || !wasOpen) return;
        requestAnimationFrame(() => {
          const { selectedNode } = selectionStore.getState();
          if (document.activeElement !== document.body) return;
          if (selectedNode !== undefined) focusNode(region.current, selectedNode);
        });
      }),
    [region],
  );
}

export function CanvasKeys({ region }: { readonly region: Region }) {
  const { zoomTo } = useReactFlow();
  const fit = useFit();
  const tidyAll = useTidy();
  const go = useWalk(region);
  const { middle } = usePlaceInView();
  useFocusReturn(region);
  usePickingKeys(region);
  useClipboard(region);
  useCommandKeys(
    {
      downstream: () => go('downstream'),
      upstream: () => go('upstream'),
      above: () => go('above'),
      below: () => go('below'),
      'nudge-right': () => nudge(1, 0),
      'nudge-left': () => nudge(-1, 0),
      'nudge-up': () => nudge(0, -1),
      'nudge-down': () => nudge(0, 1),
      'quick-add': () => interact({ is: 'adding', ...middle(), link: undefined }),
      connect: startConnecting,
      rename: renameSelected,
      disconnect: () => disconnectInputs(selectionStore.getState().nodes),
      code: enterCode,
      remove: () =>
        removeSelected(selectionStore.getState().nodes, selectionStore.getState().edges),
      'select-all': selectAll,
      duplicate: duplicateSelected,
      tidy: () => void tidyAll(),
      fit: () => fit(),
      'fit-selection': () => fit(selectionStore.getState().nodes),
      'actual-size': () => {
        keepFitted(false);
        void zoomTo(1);
      },
      escape: stepBack,
    },
    () => region.current,
  );
  return null;
}
