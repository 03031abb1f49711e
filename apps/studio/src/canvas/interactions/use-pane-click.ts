/**
 * A click on the empty canvas lets go of everything; two quick ones ask what to add there.
 */
import { useReactFlow } from '@xyflow/react';
import { useMemo } from 'react';
import type { MouseEvent } from 'react';
import { clearSelection } from '../../document/selection-store.ts';
import { HEADER_HEIGHT, NODE_WIDTH } from '../node-geometry.ts';
import { interact, stopInteraction } from './interaction-store.ts';

/** The list opens with its field under the pointer. */
const FIELD = { x: 140, y: 20 };

function letGo(): void {
  stopInteraction();
  clearSelection();
}

export function usePaneClick() {
  const { screenToFlowPosition } = useReactFlow();
  return useMemo(
    () => ({
      onPaneClick: letGo,
      onDoubleClick: ({ target, currentTarget, clientX, clientY }: MouseEvent) => {
        const isPane = target instanceof Element && target.matches('.react-flow__pane');
        if (!isPane) return;
        const point = screenToFlowPosition({ x: clientX, y: clientY });
        const place = { x: point.x - NODE_WIDTH / 2, y: point.y - HEADER_HEIGHT / 2 };
        const corner = currentTarget.getBoundingClientRect();
        const anchor = { x: clientX - corner.left - FIELD.x, y: clientY - corner.top - FIELD.y };
        interact({ is: 'adding', place, anchor, link: undefined });
      },
    }),
    [screenToFlowPosition],
  );
}
