/**
 * A function on the canvas: its name, one port for each parameter on the left, its result on the right,
 * its run below.
 */
import { Handle, Position } from '@xyflow/react';
import type { NodeProps } from '@xyflow/react';
import { Database, TriangleAlert } from 'lucide-react';
import { memo } from 'react';
import { NodeRunBody } from '../../run/NodeRunBody.tsx';
import { RESULT_PORT } from '../flow-model.ts';
import type { FlowNode } from '../flow-model.ts';
import { interact, useInteraction } from '../interactions/interaction-store.ts';
import { portMiddle } from '../node-geometry.ts';
import { NodeName } from './NodeName.tsx';
import { PortRow } from './PortRow.tsx';
import styles from './FunctionNode.module.css';

function NodeMarks({ usesCloud, problem }: Pick<FlowNode['data'], 'usesCloud' | 'problem'>) {
  return (
    <>
      {usesCloud ? (
        <Database size={14} className={styles['cloud']} aria-label="Uses keys of the store" />
      ) : null}
      {problem === undefined ? null : (
        <span className={styles['problem']} title={problem}>
          <TriangleAlert size={14} aria-hidden />
        </span>
      )}
    </>
  );
}

function FunctionNodeView({ id, data, selected }: NodeProps<FlowNode>) {
  const isRenaming = useInteraction(
    ({ interaction }) => interaction.is === 'renaming' && interaction.node === id,
  );
  const isLinkSource = useInteraction(
    ({ interaction }) =>
      (interaction.is === 'picking-target' && interaction.from === id) ||
      (interaction.is === 'dragging-link' && interaction.from.node === id),
  );
  const { functionName, ports, isSink, problem, usesCloud } = data;
  return (
    <div
      className={styles['node']}
      data-testid={`node-${id}`}
      data-selected={selected}
      data-problem={problem !== undefined}
      data-source={isLinkSource}
    >
      <div
        className={styles['header']}
        onDoubleClick={() => interact({ is: 'renaming', node: id })}
      >
        {isRenaming ? (
          <NodeName node={id} />
        ) : (
          <span className={styles['name']} title={id}>
            {id}
          </span>
        )}
        {functionName === id || isRenaming ? null : (
          <span className={styles['function']} title={`Function ${functionName}`}>
            {functionName}
          </span>
        )}
        <NodeMarks usesCloud={usesCloud} problem={problem} />
      </div>
      <div className={styles['ports']}>
        {ports.map((port, row) => (
          <PortRow key={port.name} node={id} port={port} row={row} />
        ))}
        <span className={styles['result']} aria-hidden>
          result
        </span>
      </div>
      <Handle
        type="source"
        id={RESULT_PORT}
        position={Position.Right}
        className={styles['handle']}
        style={{ top: portMiddle(0) }}
        data-testid={`port-${id}-result`}
      />
      <NodeRunBody node={id} isSink={isSink} />
    </div>
  );
}

export const FunctionNode = memo(FunctionNodeView);
