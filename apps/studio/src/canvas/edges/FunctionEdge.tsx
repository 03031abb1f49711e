/**
 * A link of the DAG: a plain curve, never animated. With a run it tells whether the result went over it.
 * Selected, it offers to be taken away.
 */
import { BaseEdge, EdgeLabelRenderer, getBezierPath } from '@xyflow/react';
import type { EdgeProps } from '@xyflow/react';
import { X } from 'lucide-react';
import { memo } from 'react';
import { useStore } from 'zustand';
import { performGesture } from '../../document/document-store.ts';
import { selectionStore } from '../../document/selection-store.ts';
import type { FlowEdge } from '../flow-model.ts';
import { useNodeRun } from '../../run/run-store.ts';
import { useInteraction } from '../interactions/interaction-store.ts';
import styles from './FunctionEdge.module.css';

const liesOn = (path: readonly string[], from: string, to: string): boolean => {
  const index = path.indexOf(from);
  return index !== -1 && path[index + 1] === to;
};

function FunctionEdgeView({
  id,
  source,
  target,
  sourceX,
  sourceY,
  targetX,
  targetY,
  sourcePosition,
  targetPosition,
  selected = false,
}: EdgeProps<FlowEdge>) {
  const closesLoop = useInteraction(
    ({ refusal }) => refusal !== undefined && liesOn(refusal.path, source, target),
  );
  const isAlone = useStore(selectionStore, ({ nodes, edges }) => nodes.size + edges.size === 1);
  const run = useNodeRun(target);
  const isDelivered = run?.triggeredBy.some(({ from }) => from === source);
  const [path, labelX, labelY] = getBezierPath({
    sourceX,
    sourceY,
    targetX,
    targetY,
    sourcePosition,
    targetPosition,
  });
  const state = closesLoop ? 'loop' : selected ? 'selected' : 'plain';
  return (
    <>
      <g data-delivered={isDelivered}>
        <BaseEdge path={path} interactionWidth={20} className={styles[state] ?? ''} />
      </g>
      {selected && isAlone ? (
        <EdgeLabelRenderer>
          <button
            type="button"
            className={`nodrag nopan ${styles['remove'] ?? ''}`}
            style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}
            aria-label={`Disconnect ${source} from ${target}`}
            onClick={() =>
              performGesture(`Disconnect ${source} from ${target}`, {
                type: 'remove',
                nodes: [],
                edges: [id],
              })
            }
          >
            <X size={12} aria-hidden />
          </button>
        </EdgeLabelRenderer>
      ) : null}
    </>
  );
}

export const FunctionEdge = memo(FunctionEdgeView);
