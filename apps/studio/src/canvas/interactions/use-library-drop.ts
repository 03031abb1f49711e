/**
 * A function dragged from the library and dropped on the canvas becomes a node there.
 */
import { useReactFlow } from '@xyflow/react';
import { useMemo } from 'react';
import type { DragEvent } from 'react';
import { FUNCTION_DRAG_TYPE } from '../../library/function-drag.ts';
import { addFunctionNode } from '../gestures.ts';
import { HEADER_HEIGHT, NODE_WIDTH } from '../node-geometry.ts';

export function useLibraryDrop() {
  const { screenToFlowPosition } = useReactFlow();
  return useMemo(
    () => ({
      onDragOver: (event: DragEvent) => {
        if (!event.dataTransfer.types.includes(FUNCTION_DRAG_TYPE)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
      },
      onDrop: (event: DragEvent) => {
        const name = event.dataTransfer.getData(FUNCTION_DRAG_TYPE);
        if (name === '') return;
        event.preventDefault();
        const point = screenToFlowPosition({ x: event.clientX, y: event.clientY });
        addFunctionNode(name, { x: point.x - NODE_WIDTH / 2, y: point.y - HEADER_HEIGHT / 2 });
      },
    }),
    [screenToFlowPosition],
  );
}
