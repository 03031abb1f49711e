/**
 * An input port: its dot, its name, and while a link is drawn whether it would fit.
 */
import { Handle, Position } from '@xyflow/react';
import { memo } from 'react';
import { getDocument } from '../../document/document-store.ts';
import { functionStore } from '../../library/function-store.ts';
import { refusalOf } from '../connection-rule.ts';
import type { PortModel } from '../flow-model.ts';
import { useInteraction } from '../interactions/interaction-store.ts';
import type { Interaction } from '../interactions/interaction-store.ts';
import { portMiddle } from '../node-geometry.ts';
import styles from './FunctionNode.module.css';

type Fit = 'fits' | 'refused' | undefined;

function fitOf(interaction: Interaction, node: string, parameter: string): Fit {
  if (interaction.is === 'dragging-link' && interaction.from.at === 'result') {
    const edge = { from: interaction.from.node, to: node, parameter };
    const { functions } = functionStore.getState();
    return refusalOf(getDocument(), functions, edge) === undefined ? 'fits' : 'refused';
  }
  if (interaction.is === 'picking-target') {
    const isTarget = interaction.targets.some(
      (target) => target.node === node && target.parameter === parameter,
    );
    return isTarget ? 'fits' : 'refused';
  }
  return undefined;
}

/**
 * The number to type for this port while a target is picked by keyboard, and whether it is the marked one.
 */
function pickOf(interaction: Interaction, node: string, parameter: string): string | undefined {
  if (interaction.is !== 'picking-target') return undefined;
  const index = interaction.targets.findIndex(
    (target) => target.node === node && target.parameter === parameter,
  );
  if (index === -1) return undefined;
  return index === interaction.active ? `active ${index + 1}` : `other ${index + 1}`;
}

interface PortRowProps {
  readonly node: string;
  readonly port: PortModel;
  readonly row: number;
}

function PortRowView({ node, port, row }: PortRowProps) {
  const fit = useInteraction(({ interaction }) => fitOf(interaction, node, port.name));
  const pick = useInteraction(({ interaction }) => pickOf(interaction, node, port.name));
  const [pickState, pickNumber] = pick?.split(' ') ?? [];
  return (
    <div className={styles['port']} data-fit={fit} data-gone={port.isGone} data-pick={pickState}>
      <Handle
        type="target"
        id={port.name}
        position={Position.Left}
        className={styles['handle']}
        style={{ top: portMiddle(row) }}
        data-bound={port.from !== undefined}
        data-fit={fit}
        data-gone={port.isGone}
        data-testid={`port-${node}-${port.name}`}
      />
      <span className={styles['portName']}>{port.name}</span>
      {port.isRequired ? null : (
        <span className={styles['optional']} title="Has a default">
          optional
        </span>
      )}
      {pickNumber === undefined ? null : <span className={styles['pick']}>{pickNumber}</span>}
    </div>
  );
}

export const PortRow = memo(PortRowView);
