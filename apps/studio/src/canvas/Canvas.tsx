/**
 * React Flow wiring, and only that: what is drawn comes from the flow model, what is done goes to the
 * document.
 */
import { Background, BackgroundVariant, MiniMap, ReactFlow, SelectionMode } from '@xyflow/react';
import type { ReactFlowInstance, Viewport } from '@xyflow/react';
import { useCallback, useLayoutEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { selectNode, selectionStore } from '../document/selection-store.ts';
import { useTheme } from '../design/theme.ts';
import { CanvasControls } from './CanvasControls.tsx';
import { CanvasKeys } from './CanvasKeys.tsx';
import { detailAt, setPrintZoom } from './detail.ts';
import type { Detail } from './detail.ts';
import { EmptyCanvas } from './EmptyCanvas.tsx';
import { FunctionEdge } from './edges/FunctionEdge.tsx';
import { MIN_ZOOM, keepFitted } from './fitted-view.ts';
import type { FlowEdge, FlowNode } from './flow-model.ts';
import { CanvasNote } from './interactions/CanvasNote.tsx';
import { ConnectionHint } from './interactions/ConnectionHint.tsx';
import { PickTargetHint } from './interactions/PickTargetHint.tsx';
import { QuickAdd } from './interactions/QuickAdd.tsx';
import { useInteraction } from './interactions/interaction-store.ts';
import { useConnecting } from './interactions/use-connecting.ts';
import { SelectionBar } from './interactions/SelectionBar.tsx';
import { useLibraryDrop } from './interactions/use-library-drop.ts';
import { usePaneClick } from './interactions/use-pane-click.ts';
import { FunctionNode } from './nodes/FunctionNode.tsx';
import { useCanvasFlow } from './use-canvas-flow.ts';
import { useFitWhenKnown, useStartViewport, useSteadyView } from './use-fit.ts';
import styles from './Canvas.module.css';

const nodeTypes = { function: FunctionNode };
const edgeTypes = { function: FunctionEdge };
/** Below this many nodes an overview would only repeat the picture. */
const MINIMAP_NODES_MIN = 16;

/** A plain click means this node, also where it was one of many. */
function pickOne({ shiftKey }: { readonly shiftKey: boolean }, { id }: FlowNode): void {
  if (!shiftKey && selectionStore.getState().nodes.size > 1) selectNode(id);
}

const panButtons = [1, 2];
const snapGrid: [number, number] = [8, 8];
const ariaLabels = { 'minimap.ariaLabel': 'Overview of the DAG' };

const minimapColor = () => 'var(--edge)';

/** The view moves by itself without an event. */
const isMovedByHand = (event: MouseEvent | TouchEvent | null): void => {
  if (event !== null) keepFitted(false);
};

function useDetail(region: RefObject<HTMLElement | null>, start: Viewport | undefined) {
  const [moved, setMoved] = useState<Detail>();
  useLayoutEffect(() => {
    if (start !== undefined) setPrintZoom(region.current, start.zoom);
  }, [region, start]);
  const follow = useCallback(
    (_event: unknown, { zoom }: Viewport) => {
      setPrintZoom(region.current, zoom);
      setMoved(detailAt(zoom));
    },
    [region],
  );
  return { is: moved ?? detailAt(start?.zoom ?? 1), follow };
}

export function Canvas() {
  const region = useRef<HTMLDivElement>(null);
  const [instance, setInstance] = useState<ReactFlowInstance<FlowNode, FlowEdge>>();
  const flow = useCanvasFlow();
  const connecting = useConnecting(region);
  const drop = useLibraryDrop();
  const paneClick = usePaneClick();
  const theme = useTheme();
  const announcement = useInteraction((state) => state.announcement);
  const isEmpty = flow.nodes.length === 0;
  const start = useStartViewport(region, flow.nodes);
  const detail = useDetail(region, start);
  useSteadyView(region);
  useFitWhenKnown();
  return (
    <div
      ref={region}
      className={styles['region']}
      data-ready={instance !== undefined}
      data-testid="canvas"
      data-canvas
      data-detail={detail.is}
      tabIndex={-1}
      {...drop}
    >
      {start === undefined ? null : (
        <ReactFlow<FlowNode, FlowEdge>
          nodes={flow.nodes}
          edges={flow.edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          onInit={setInstance}
          onMoveStart={isMovedByHand}
          onMove={detail.follow}
          onNodesChange={flow.onNodesChange}
          onEdgesChange={flow.onEdgesChange}
          onNodeDragStart={() => keepFitted(false)}
          onNodeDragStop={flow.onDragStop}
          onSelectionDragStop={flow.onSelectionDragStop}
          onNodeClick={pickOne}
          {...paneClick}
          {...connecting}
          defaultViewport={start}
          minZoom={MIN_ZOOM}
          maxZoom={2}
          snapToGrid
          snapGrid={snapGrid}
          selectionOnDrag
          selectionMode={SelectionMode.Partial}
          panOnDrag={panButtons}
          connectionRadius={28}
          connectionDragThreshold={4}
          nodeDragThreshold={4}
          connectOnClick
          deleteKeyCode={null}
          selectionKeyCode={null}
          multiSelectionKeyCode="Shift"
          panActivationKeyCode="Space"
          disableKeyboardA11y
          edgesFocusable={false}
          zoomOnDoubleClick={false}
          colorMode={theme}
          ariaLabelConfig={ariaLabels}
          aria-label="Canvas"
        >
          <Background variant={BackgroundVariant.Dots} gap={24} size={1.5} color="var(--dots)" />
          {flow.nodes.length < MINIMAP_NODES_MIN ? null : (
            <MiniMap
              pannable
              zoomable
              position="bottom-right"
              className={styles['minimap'] ?? ''}
              nodeColor={minimapColor}
              nodeBorderRadius={8}
            />
          )}
          <CanvasControls />
          <CanvasKeys region={region} />
          <ConnectionHint region={region} />
          <PickTargetHint />
          <SelectionBar />
          <CanvasNote />
          <QuickAdd />
        </ReactFlow>
      )}
      {isEmpty ? <EmptyCanvas /> : null}
      <p className="visually-hidden" aria-live="polite">
        {announcement}
      </p>
    </div>
  );
}
