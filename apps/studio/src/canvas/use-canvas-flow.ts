/**
 * The flow that React Flow shows, and what its changes mean: a drag is transient until it ends, then one
 * command.
 */
import type { NodeId, NodePlace } from '@stormglass/core';
import type { EdgeChange, NodeChange } from '@xyflow/react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useDocument } from '../document/document-store.ts';
import { selectMany, selectionStore } from '../document/selection-store.ts';
import { useFunctions } from '../library/function-store.ts';
import { createFlowModel } from './flow-model.ts';
import type { FlowEdge, FlowNode } from './flow-model.ts';
import { moveTo } from './gestures.ts';

type Places = ReadonlyMap<NodeId, NodePlace>;
const NO_PLACES: Places = new Map();

function applySelection(changes: readonly NodeChange<FlowNode>[]): void {
  const picked = changes.filter((change) => change.type === 'select');
  if (picked.length === 0) return;
  const { nodes, edges, selectedNode } = selectionStore.getState();
  const next = new Set(nodes);
  let focus = selectedNode;
  for (const { id, selected } of picked) {
    if (selected) {
      next.add(id);
      focus = id;
    } else next.delete(id);
  }
  selectMany(next, edges, focus);
}

function applyEdgeSelection(changes: readonly EdgeChange<FlowEdge>[]): void {
  const picked = changes.filter((change) => change.type === 'select');
  if (picked.length === 0) return;
  const { nodes, edges, selectedNode } = selectionStore.getState();
  const next = new Set(edges);
  for (const { id, selected } of picked) {
    if (selected) next.add(id);
    else next.delete(id);
  }
  selectMany(nodes, next, selectedNode);
}

/** Heights grow where a run is shown inside a node; they are no part of the document. */
function withHeights(
  heights: ReadonlyMap<NodeId, number>,
  changes: readonly NodeChange<FlowNode>[],
): ReadonlyMap<NodeId, number> {
  const next = new Map(heights);
  for (const change of changes) {
    if (change.type === 'dimensions' && change.dimensions !== undefined) {
      next.set(change.id, change.dimensions.height);
    }
  }
  return next;
}

/** Places while a drag goes on; at its end they become one gesture of the document. */
function useDraggedPlaces() {
  const [dragged, setDragged] = useState<Places>(NO_PLACES);
  const latest = useRef<Places>(NO_PLACES);
  const show = useCallback((places: Places) => {
    latest.current = places;
    setDragged(places);
  }, []);
  const follow = useCallback(
    (changes: readonly NodeChange<FlowNode>[]) => {
      const next = new Map(latest.current);
      for (const change of changes) {
        if (change.type !== 'position' || change.dragging !== true) continue;
        if (change.position !== undefined) next.set(change.id, change.position);
      }
      if (next.size > 0) show(next);
    },
    [show],
  );
  const finish = useCallback(() => {
    moveTo([...latest.current]);
    show(NO_PLACES);
  }, [show]);
  return { dragged, follow, finish };
}

export function useCanvasFlow() {
  const [model] = useState(createFlowModel);
  const { dragged, follow, finish } = useDraggedPlaces();
  const [heights, setHeights] = useState<ReadonlyMap<NodeId, number>>(new Map());
  const document = useDocument();
  const selection = useStore(selectionStore);
  const functions = useFunctions((state) => state.functions);
  const problems = useFunctions((state) => state.problems);

  const functionProblems = useMemo(
    () => new Map([...problems].map(([name, problem]) => [name, problem.detail])),
    [problems],
  );
  const tabStop = selection.selectedNode ?? document.nodes[0]?.id;
  const { nodes, edges } = useMemo(
    () =>
      model({
        document,
        functions,
        selectedNodes: selection.nodes,
        selectedEdges: selection.edges,
        dragged,
        heights,
        tabStop,
        functionProblems,
      }),
    [model, document, functions, selection, dragged, heights, tabStop, functionProblems],
  );

  const onNodesChange = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      applySelection(changes);
      follow(changes);
      if (changes.some((change) => change.type === 'dimensions')) {
        setHeights((before) => withHeights(before, changes));
      }
    },
    [follow],
  );

  return {
    nodes,
    edges,
    onNodesChange,
    onEdgesChange: applyEdgeSelection,
    onDragStop: finish,
    onSelectionDragStop: finish,
  };
}
