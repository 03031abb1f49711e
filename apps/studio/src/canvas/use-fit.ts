/**
 * Brings everything into view, and keeps the picture where it is when the canvas changes its size.
 */
import { useReactFlow } from '@xyflow/react';
import type { NodeId } from '@stormglass/core';
import type { Viewport } from '@xyflow/react';
import { useCallback, useEffect, useLayoutEffect, useState } from 'react';
import type { RefObject } from 'react';
import { motionMs } from '../design/motion.ts';
import { useFunctions } from '../library/function-store.ts';
import type { FlowEdge, FlowNode } from './flow-model.ts';
import { clearRefusal } from './interactions/interaction-store.ts';
import { fittedStore, fittedViewport, keepFitted } from './fitted-view.ts';

const FIT_MS = 160;

/** All of it, or only the given nodes where there are any. */
export function useFit(): (only?: ReadonlySet<NodeId>) => void {
  const { getNodes, setViewport } = useReactFlow<FlowNode, FlowEdge>();
  return useCallback(
    (only: ReadonlySet<NodeId> = new Set()) => {
      const canvas = document.querySelector('[data-canvas]')?.getBoundingClientRect();
      if (canvas === undefined) return;
      const nodes = getNodes().filter(({ id }) => only.size === 0 || only.has(id));
      void setViewport(fittedViewport(nodes, canvas), { duration: motionMs(FIT_MS) });
      keepFitted(only.size === 0);
    },
    [getNodes, setViewport],
  );
}

/**
 * The view that a canvas starts with; `undefined` until its size is known. What is there at the start is
 * fitted; a first node must stay where it was dropped.
 */
export function useStartViewport(
  region: RefObject<HTMLElement | null>,
  nodes: readonly FlowNode[],
): Viewport | undefined {
  const [viewport, setViewport] = useState<Viewport>();
  useLayoutEffect(() => {
    const { current } = region;
    if (current === null) return;
    keepFitted(nodes.length > 0);
    setViewport(fittedViewport(nodes, current.getBoundingClientRect()));
    // eslint-disable-next-line react/exhaustive-deps
  }, []);
  return viewport;
}

/** How large nodes are is known when their functions are: fitted once more then. */
export function useFitWhenKnown(): void {
  const isKnown = useFunctions((state) => state.functions !== undefined);
  const { getNodes } = useReactFlow<FlowNode, FlowEdge>();
  const fit = useFit();
  const [wasKnown] = useState(isKnown);
  useEffect(() => {
    if (isKnown && !wasKnown && fittedStore.getState().isFitted && getNodes().length > 0) fit();
  }, [isKnown, wasKnown, fit, getNodes]);
}

/**
 * While everything is in view it stays in view; else what is on the screen stays at its place there, also
 * when a panel beside it opens.
 */
export function useSteadyView(region: RefObject<HTMLElement | null>): void {
  const { getNodes, getViewport, setViewport } = useReactFlow<FlowNode, FlowEdge>();
  useEffect(() => {
    const { current } = region;
    if (current === null) return undefined;
    let corner = current.getBoundingClientRect();
    const observer = new ResizeObserver(() => {
      const now = current.getBoundingClientRect();
      const [dx, dy] = [now.left - corner.left, now.top - corner.top];
      corner = now;
      if (fittedStore.getState().isFitted) {
        void setViewport(fittedViewport(getNodes(), now));
      } else if (dx !== 0 || dy !== 0) {
        clearRefusal();
        const { x, y, zoom } = getViewport();
        void setViewport({ x: x - dx, y: y - dy, zoom });
      }
    });
    observer.observe(current);
    return () => observer.disconnect();
  }, [region, getNodes, getViewport, setViewport]);
}
