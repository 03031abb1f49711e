/**
 * React Flow wiring, and only that: what is drawn comes from the flow model, what is done goes to the
 * document.
 */
import { Background, BackgroundVariant, MiniMap, ReactFlow, SelectionMode } from '@xyflow/react';
import type { ReactFlowInstance } from '@xyflow/react';
import { useRef, useState } from 'react';
import { clearSelection } from '../document/selection-store.ts';
import { useTheme } from '../design/theme.ts';
import { CanvasControls } from './CanvasControls.tsx';
import { CanvasKeys } from './CanvasKeys.tsx';
import { EmptyCanvas } from './EmptyCanvas.tsx';
import { FunctionEdge } from './edges/FunctionEdge.tsx';
import type { FlowEdge, FlowNode } from './flow-model.ts';
import { ConnectionHint } from './interactions/ConnectionHint.tsx';
import { PickTargetHint } from './interactions/PickTargetHint.tsx';
import { QuickAdd } from './interactions/QuickAdd.tsx';
import { stopInteraction, useInteraction } from './interactions/interaction-store.ts';
import { useConnecting } from './interactions/use-connecting.ts';
import { useLibraryDrop } from './interactions/use-library-drop.ts';
import { FunctionNode } from './nodes/FunctionNode.tsx';
import { useCanvasFlow } from './use-canvas-flow.ts';
import { FIT_VIEW_AT_START } from './use-tidy.ts';
import styles from './Canvas.module.css';

const nodeTypes = { function: FunctionNode };
const edgeTypes = { function: FunctionEdge };
type Detail = 'near' | 'far' | 'farthest';

/** Below this zoom small print cannot be read: names get larger and it gives way. */
const FAR_ZOOM = 0.7;
const FARTHEST_ZOOM = 0.42;

function detailAt(zoom: number): Detail {
  if (zoom < FARTHEST_ZOOM) return 'farthest';
  return zoom < FAR_ZOOM ? 'far' : 'near';
}

function leave(): void {
  stopInteraction();
  clearSelection();
}

const panButtons = [1, 2];
const snapGrid: [number, number] = [8, 8];
const ariaLabels = { 'minimap.ariaLabel': 'Overview of the DAG' };

const minimapColor = () => 'var(--edge)';

export function Canvas() {
  const region = useRef<HTMLDivElement>(null);
  const [instance, setInstance] = useState<ReactFlowInstance<FlowNode, FlowEdge>>();
  const flow = useCanvasFlow();
  const connecting = useConnecting(region);
  const drop = useLibraryDrop();
  const theme = useTheme();
  const announcement = useInteraction((state) => state.announcement);
  const [detail, setDetail] = useState<Detail>('near');
  const isEmpty = flow.nodes.length === 0;
  // Only what was there when the DAG opened is fitted: a first node must stay where it was dropped.
  const [fitsAtStart] = useState(!isEmpty);
  return (
    <div
      ref={region}
      className={styles['region']}
      data-ready={instance !== undefined}
      data-testid="canvas"
      data-canvas
      data-detail={detail}
      tabIndex={-1}
      {...drop}
    >
      <ReactFlow<FlowNode, FlowEdge>
        nodes={flow.nodes}
        edges={flow.edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onInit={setInstance}
        onMove={(_event, { zoom }) => setDetail(detailAt(zoom))}
        onNodesChange={flow.onNodesChange}
        onEdgesChange={flow.onEdgesChange}
        onNodeDragStop={flow.onDragStop}
        onSelectionDragStop={flow.onSelectionDragStop}
        onPaneClick={leave}
        {...connecting}
        fitView={fitsAtStart}
        fitViewOptions={FIT_VIEW_AT_START}
        minZoom={0.1}
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
        {isEmpty ? null : (
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
        <QuickAdd />
      </ReactFlow>
      {isEmpty ? <EmptyCanvas /> : null}
      <p className="visually-hidden" aria-live="polite">
        {announcement}
      </p>
    </div>
  );
}
