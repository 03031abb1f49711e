/**
 * The bar at the top of a DAG: its name, the history, saving, the connection, keys and theme.
 */
import { Keyboard, Redo2, Search, Undo2 } from 'lucide-react';
import { Button, IconButton } from '../design/primitives/Button.tsx';
import {
  hasUnsavedChanges,
  redoLabelOf,
  undoLabelOf,
  useOpenDocument,
} from '../document/document-store.ts';
import { ConnectionBadge } from '../live/ConnectionBadge.tsx';
import { DagTitle } from './DagTitle.tsx';
import { ThemeSwitch } from './ThemeSwitch.tsx';
import { Wordmark } from './Wordmark.tsx';
import { saveEverything } from './save-everything.ts';
import { redoShown, undoShown } from './shown-history.ts';
import { useHasDrafts } from './use-has-drafts.ts';
import { commands } from './commands.ts';
import styles from './TopBar.module.css';

function History() {
  const undo = useOpenDocument(undoLabelOf);
  const redo = useOpenDocument(redoLabelOf);
  return (
    <div className={styles['history']} role="group" aria-label="History">
      <IconButton
        label={undo === undefined ? 'Undo' : `Undo: ${undo}`}
        shortcut={commands.undo.keys[0]}
        isDisabled={undo === undefined}
        data-testid="undo"
        onPress={undoShown}
      >
        <Undo2 size={16} aria-hidden />
      </IconButton>
      <IconButton
        label={redo === undefined ? 'Redo' : `Redo: ${redo}`}
        shortcut={commands.redo.keys[0]}
        isDisabled={redo === undefined}
        data-testid="redo"
        onPress={redoShown}
      >
        <Redo2 size={16} aria-hidden />
      </IconButton>
    </div>
  );
}

function SaveButton() {
  const isSaving = useOpenDocument((open) => open.isSaving);
  const isUnsaved = useOpenDocument(hasUnsavedChanges);
  const hasDrafts = useHasDrafts();
  return (
    <Button
      isDisabled={isSaving || (!isUnsaved && !hasDrafts)}
      data-testid="save"
      onPress={() => void saveEverything()}
    >
      Save
    </Button>
  );
}

interface TopBarProps {
  readonly onShowKeys: () => void;
  readonly onFind: () => void;
}

export function TopBar({ onShowKeys, onFind }: TopBarProps) {
  return (
    <header className={styles['bar']} data-region>
      <Wordmark isCompact />
      <span className={styles['slash']} aria-hidden>
        /
      </span>
      <DagTitle />
      <span className={styles['space']} />
      <ConnectionBadge />
      <History />
      <SaveButton />
      <span className={styles['tools']}>
        <IconButton
          label={commands.palette.title}
          shortcut={commands.palette.keys[0]}
          data-testid="open-palette"
          onPress={onFind}
        >
          <Search size={16} aria-hidden />
        </IconButton>
        <IconButton label="Keys" shortcut="?" onPress={onShowKeys}>
          <Keyboard size={16} aria-hidden />
        </IconButton>
        <ThemeSwitch />
      </span>
    </header>
  );
}
