/**
 * Connecting by keyboard: what is being connected and which keys choose.
 */
import { Panel } from '@xyflow/react';
import { useInteraction } from './interaction-store.ts';
import styles from './PickTargetHint.module.css';

export function PickTargetHint() {
  const interaction = useInteraction((state) => state.interaction);
  if (interaction.is !== 'picking-target') return null;
  const target = interaction.targets[interaction.active];
  return (
    <Panel position="bottom-center" className={styles['hint'] ?? ''} data-testid="picking-target">
      <span>
        Connecting from <strong>{interaction.from}</strong>
        {target === undefined ? null : (
          <>
            {' '}
            to <code>{target.parameter}</code> of <strong>{target.node}</strong>
          </>
        )}
      </span>
      <span className={styles['keys']}>
        arrows or digits choose · <kbd>Enter</kbd> connects · <kbd>Esc</kbd> leaves
      </span>
    </Panel>
  );
}
