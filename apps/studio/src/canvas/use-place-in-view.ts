/**
 * Places that the person sees: where a node goes that nobody placed, and bringing a node into view.
 */
import { useReactFlow } from '@xyflow/react';
import type { NodeId, NodePlace } from '@stormglass/core';
import { useCallback, useMemo } from 'react';
import { getDocument } from '../document/document-store.ts';
import { keepFitted } from './fitted-view.ts';
import { nextPlace } from './gestures.ts';
import { NODE_WIDTH } from './node-geometry.ts';

const canvasElement = (): Element | null => document.querySelector('[data-canvas]');

const nodeElement = (node: NodeId): Element | null =>
  document.querySelector(`.react-flow__node[data-id="${CSS.escape(node)}"]`);

const contains = (outer: DOMRect, inner: DOMRect): boolean =>
  inner.left >= outer.left &&
  inner.right <= outer.right &&
  inner.top >= outer.top &&
  inner.bottom <= outer.bottom;

/**
 * Moves the view, at the same zoom, so that a node is in its middle; does nothing when it is in view
 * already.
 */
export function useReveal(): (node: NodeId) => void {
  const { setCenter, getZoom, getNode } = useReactFlow();
  return useCallback(
    (id) => {
      const node = getNode(id);
      const canvas = canvasElement()?.getBoundingClientRect();
      const drawn = nodeElement(id)?.getBoundingClientRect();
      if (node === undefined || canvas === undefined) return;
      if (drawn !== undefined && contains(canvas, drawn)) return;
      const middle = node.position.y + (node.measured?.height ?? 0) / 2;
      keepFitted(false);
      void setCenter(node.position.x + NODE_WIDTH / 2, middle, { zoom: getZoom() });
    },
    [setCenter, getZoom, getNode],
  );
}

export interface PlaceInView {
  /** Top left corner of a node that would stand in the upper middle of the canvas. */
  readonly middle: () => { readonly place: NodePlace; readonly anchor: NodePlace };
  /** After what is there, or in the middle when nothing is. */
  readonly next: () => NodePlace;
}

export function usePlaceInView(): PlaceInView {
  const { screenToFlowPosition } = useReactFlow();
  return useMemo(() => {
    const middle = () => {
      const bounds = canvasElement()?.getBoundingClientRect() ?? new DOMRect(0, 0, 800, 600);
      const x = bounds.width / 2;
      const y = bounds.height / 3;
      const point = screenToFlowPosition({ x: bounds.left + x, y: bounds.top + y });
      return {
        place: { x: point.x - NODE_WIDTH / 2, y: point.y },
        anchor: { x: x - 140, y: y - 20 },
      };
    };
    const next = () => (getDocument().nodes.length === 0 ? middle().place : nextPlace());
    return { middle, next };
  }, [screenToFlowPosition]);
}
