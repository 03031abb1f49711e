/**
 * What floats over the top of the canvas: the panels at its sides, and between them what the picture is of.
 */
import { PanelLeftOpen, PanelRightClose, PanelRightOpen } from 'lucide-react';
import { IconButton } from '../design/primitives/Button.tsx';
import { ProvenanceBand } from '../run/ProvenanceBand.tsx';
import { commands } from './commands.ts';
import styles from './CanvasHead.module.css';

interface SidePanel {
  readonly isOpen: boolean;
  readonly toggle: () => void;
}

interface CanvasHeadProps {
  readonly library: SidePanel;
  readonly inspector: SidePanel;
}

export function CanvasHead({ library, inspector }: CanvasHeadProps) {
  const InspectorIcon = inspector.isOpen ? PanelRightClose : PanelRightOpen;
  return (
    <div className={styles['head']}>
      {library.isOpen ? null : (
        <span className={styles['tool']}>
          <IconButton
            label="Show the library"
            shortcut={commands['toggle-library'].keys[0]}
            data-testid="show-library"
            onPress={library.toggle}
          >
            <PanelLeftOpen size={16} aria-hidden />
          </IconButton>
        </span>
      )}
      <ProvenanceBand />
      <span className={styles['tool']}>
        <IconButton
          label={inspector.isOpen ? 'Hide the inspector' : 'Show the inspector'}
          shortcut={commands['toggle-inspector'].keys[0]}
          aria-expanded={inspector.isOpen}
          onPress={inspector.toggle}
        >
          <InspectorIcon size={16} aria-hidden />
        </IconButton>
      </span>
    </div>
  );
}
