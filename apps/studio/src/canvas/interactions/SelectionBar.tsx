/**
 * What can be done with several selected nodes together.
 */
import { Panel } from '@xyflow/react';
import { CopyPlus, Scan, Trash2 } from 'lucide-react';
import { useStore } from 'zustand';
import { commands } from '../../app/commands.ts';
import { IconButton } from '../../design/primitives/Button.tsx';
import { selectionStore } from '../../document/selection-store.ts';
import { removeSelected } from '../gestures.ts';
import { useFit } from '../use-fit.ts';
import { duplicateSelected } from './use-clipboard.ts';
import styles from './SelectionBar.module.css';

export function SelectionBar() {
  const nodes = useStore(selectionStore, (selection) => selection.nodes);
  const edges = useStore(selectionStore, (selection) => selection.edges);
  const fit = useFit();
  if (nodes.size < 2) return null;
  return (
    <Panel
      position="bottom-center"
      className={styles['bar'] ?? ''}
      data-testid="selection-bar"
      data-selection-bar
      role="toolbar"
      aria-label="Selected nodes"
    >
      <span className={styles['count']}>{nodes.size} selected</span>
      <IconButton
        label="Duplicate"
        shortcut={commands.duplicate.keys[0]}
        onPress={duplicateSelected}
      >
        <CopyPlus size={16} aria-hidden />
      </IconButton>
      <IconButton
        label="Fit in view"
        shortcut={commands['fit-selection'].keys[0]}
        onPress={() => fit(nodes)}
      >
        <Scan size={16} aria-hidden />
      </IconButton>
      <IconButton
        label="Delete"
        shortcut={commands.remove.keys[0]}
        onPress={() => removeSelected(nodes, edges)}
      >
        <Trash2 size={16} aria-hidden />
      </IconButton>
    </Panel>
  );
}
