/**
 * The name of the open DAG; pressing it changes it. Says beside it whether everything is saved.
 */
import { Suspense, lazy, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { hasUnsavedChanges, useOpenDocument } from '../document/document-store.ts';
import styles from './TopBar.module.css';

export async function loadRenameField() {
  const { RenameField: component } = await import('./RenameField.tsx');
  return { default: component };
}

const RenameField = lazy(loadRenameField);

function SaveState() {
  const isSaving = useOpenDocument((open) => open.isSaving);
  const isUnsaved = useOpenDocument(hasUnsavedChanges);
  const isOnServer = useOpenDocument((open) => open.saved !== undefined);
  const text = isSaving
    ? 'Saving…'
    : !isUnsaved
      ? 'Saved'
      : isOnServer
        ? 'Unsaved changes'
        : 'Not on the server yet';
  return (
    <span
      className={styles['state']}
      data-testid="save-state"
      data-unsaved={isUnsaved}
      role="status"
    >
      {text}
    </span>
  );
}

export function DagTitle() {
  const name = useOpenDocument((open) => open.name);
  const isOpen = useOpenDocument((open) => open.phase.is === 'open');
  const [isRenaming, setRenaming] = useState(false);
  if (!isOpen) return <h1 className={styles['name']}>{name}</h1>;
  if (isRenaming) {
    return (
      <Suspense>
        <RenameField name={name} onDone={() => setRenaming(false)} />
      </Suspense>
    );
  }
  return (
    <div className={styles['title']}>
      <h1 className={styles['heading']}>
        <AriaButton
          className={styles['name'] ?? ''}
          aria-label={`${name}, rename`}
          data-testid="dag-name"
          onPress={() => setRenaming(true)}
        >
          {name}
        </AriaButton>
      </h1>
      <SaveState />
    </div>
  );
}
