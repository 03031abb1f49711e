/**
 * Places that the person sees: where a node goes that nobody placed, and bringing a node into view.
 */
import { useReactFlow } from '@xyflow/react';
import type { NodeId, NodePlace } from '@stormglass/core';
import { useCallback, useMemo } from 'react';
import { motionMs } from '../design/motion.ts';
import { getDocument } from '../document/document-store.ts';
import { keepFitted } from './fitted-view.ts';
import { clearPlace, nextPlace } from './gestures.ts';
import { NODE_WIDTH } from './node-geometry.ts';

const REVEAL_MS = 160;

const canvasElement = (): Element | null => document.querySelector('[data-canvas]');

/** Kept free around a node that was brought into view; above it is what tells of the run. */
const MARGIN = { x: 24, top: 64, bottom: 72 };

/** How far a span has to move to lie within another; its beginning matters more. */
function shiftInto(start: number, end: number, from: number, to: number): number {
  if (start < from) return from - start;
  return end > to ? Math.max(to - end, from - start) : 0;
}

/** Moves the view, at the same zoom, as little as it takes to have a node in it. */
export function useReveal(): (node: NodeId) => void {
  const { getViewport, setViewport, getNode } = useReactFlow();
  return useCallback(
    (id) => {
      const node = getNode(id);
      const canvas = canvasElement()?.getBoundingClientRect();
      if (node === undefined || canvas === undefined) return;
      const { x, y, zoom } = getViewport();
      const left = x + node.position.x * zoom;
      const top = y + node.position.y * zoom;
      const bottom = top + (node.measured?.height ?? 0) * zoom;
      const dx = shiftInto(left, left + NODE_WIDTH * zoom, MARGIN.x, canvas.width - MARGIN.x);
      const dy = shiftInto(top, bottom, MARGIN.top, canvas.height - MARGIN.bottom);
      if (dx === 0 && dy === 0) return;
      keepFitted(false);
      void setViewport({ x: x + dx, y: y + dy, zoom }, { duration: motionMs(REVEAL_MS) });
    },
    [getViewport, setViewport, getNode],
  );
}

export interface PlaceInView {
  /** Top left corner of a node in the upper middle of the canvas, or right of what is there. */
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
        place: clearPlace({ x: point.x - NODE_WIDTH / 2, y: point.y }),
        anchor: { x: x - 140, y: y - 20 },
      };
    };
    const next = () => (getDocument().nodes.length === 0 ? middle().place : nextPlace());
    return { middle, next };
  }, [screenToFlowPosition]);
}
