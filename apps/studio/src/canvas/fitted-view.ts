/**
 * The view that shows everything: with room for what a run adds to the nodes, and at a zoom that
 * never enlarges.
 */
import { getViewportForBounds } from '@xyflow/react';
import type { Viewport } from '@xyflow/react';
import { createStore } from 'zustand/vanilla';
import type { FlowNode } from './flow-model.ts';
import { NODE_WIDTH, heightWithRun } from './node-geometry.ts';

/** Above: what is shown of the run. Below: the zoom controls. */
const PADDING = { top: '60px', bottom: '64px', x: '20px' } as const;
export const MIN_ZOOM = 0.1;

interface Size {
  readonly width: number;
  readonly height: number;
}

export function fittedViewport(nodes: readonly FlowNode[], { width, height }: Size): Viewport {
  if (nodes.length === 0 || width === 0 || height === 0) return { x: 0, y: 0, zoom: 1 };
  const left = Math.min(...nodes.map(({ position }) => position.x));
  const top = Math.min(...nodes.map(({ position }) => position.y));
  const right = Math.max(...nodes.map(({ position }) => position.x)) + NODE_WIDTH;
  const bottom = Math.max(
    ...nodes.map(
      ({ position, data }) => position.y + heightWithRun(data.ports.length, data.usesCloud),
    ),
  );
  const bounds = { x: left, y: top, width: right - left, height: bottom - top };
  return getViewportForBounds(bounds, width, height, MIN_ZOOM, 1, PADDING);
}

/**
 * Everything is in view and stays so when the canvas grows or shrinks, until the person moves
 * something.
 */
export const fittedStore = createStore<{ readonly isFitted: boolean }>(() => ({ isFitted: false }));

export const keepFitted = (isFitted: boolean): void => fittedStore.setState({ isFitted });
