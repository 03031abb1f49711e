/**
 * What the person is in the middle of on the canvas. One thing at a time; never part of the document.
 */
import type { NodeId, NodePlace } from '@stormglass/core';
import { createStore, useStore } from 'zustand';
import type { Refusal } from '../connection-rule.ts';

/** Where a link that is being drawn begins. */
export type LinkEnd =
  | { readonly at: 'result'; readonly node: NodeId }
  | { readonly at: 'parameter'; readonly node: NodeId; readonly parameter: string };

export interface LinkTarget {
  readonly node: NodeId;
  readonly parameter: string;
}

export type Interaction =
  | { readonly is: 'idle' }
  | { readonly is: 'dragging-link'; readonly from: LinkEnd }
  | {
      readonly is: 'picking-target';
      readonly from: NodeId;
      readonly targets: readonly LinkTarget[];
      readonly active: number;
    }
  | { readonly is: 'renaming'; readonly node: NodeId }
  | {
      readonly is: 'adding';
      /** Where the node goes, canvas pixels. */
      readonly place: NodePlace;
      /** Where the list opens, pixels from the corner of the canvas region. */
      readonly anchor: NodePlace;
      /** Connect the new node to this. */
      readonly link: LinkEnd | undefined;
    };

export interface ShownRefusal extends Refusal {
  /** Pixels from the corner of the canvas region. */
  readonly x: number;
  readonly y: number;
}

interface CanvasState {
  readonly interaction: Interaction;
  readonly refusal: ShownRefusal | undefined;
  /** The last thing said to screen readers. */
  readonly announcement: string;
  /** The same for who looks, for a while: only what the picture does not show by itself. */
  readonly note: string | undefined;
}

export const interactionStore = createStore<CanvasState>(() => ({
  interaction: { is: 'idle' },
  refusal: undefined,
  announcement: '',
  note: undefined,
}));

export const useInteraction = <T>(select: (state: CanvasState) => T): T =>
  useStore(interactionStore, select);

const REFUSAL_SHOWN_MS = 4_000;
let forgetting: ReturnType<typeof setTimeout> | undefined;

export function interact(interaction: Interaction): void {
  interactionStore.setState({ interaction });
}

export const stopInteraction = (): void => interact({ is: 'idle' });

export const announce = (announcement: string): void => interactionStore.setState({ announcement });

const NOTE_SHOWN_MS = 4_000;
let leaving: ReturnType<typeof setTimeout> | undefined;

/** Says it to everybody. */
export function tell(sentence: string): void {
  clearTimeout(leaving);
  interactionStore.setState({ announcement: sentence, note: sentence });
  leaving = setTimeout(() => interactionStore.setState({ note: undefined }), NOTE_SHOWN_MS);
}

export function showRefusal(refusal: ShownRefusal): void {
  clearTimeout(forgetting);
  interactionStore.setState({ refusal, announcement: refusal.reason });
}

export function clearRefusal(): void {
  clearTimeout(forgetting);
  interactionStore.setState({ refusal: undefined });
}

/** After the release the sentence stays long enough to be read, or until the person goes on. */
export function letRefusalFade(): void {
  clearTimeout(forgetting);
  window.addEventListener('pointerdown', clearRefusal, { capture: true, once: true });
  forgetting = setTimeout(clearRefusal, REFUSAL_SHOWN_MS);
}
