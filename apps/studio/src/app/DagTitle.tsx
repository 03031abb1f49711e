/**
 * The name of the open DAG; pressing it changes it. Says beside it whether everything is saved.
 */
import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { useLocation } from 'wouter';
import { Field } from '../design/primitives/Field.tsx';
import { hasUnsavedChanges, useOpenDocument } from '../document/document-store.ts';
import { renameDocument } from '../document/rename-document.ts';
import { dagAddress } from '../run/run-address.ts';
import styles from './TopBar.module.css';

function RenameField({ name, onDone }: { readonly name: string; readonly onDone: () => void }) {
  const [text, setText] = useState(name);
  const [error, setError] = useState<string>();
  const [, navigate] = useLocation();

  async function keep() {
    const wanted = text.trim();
    const problem = await renameDocument(wanted);
    setError(problem);
    if (problem !== undefined) return;
    onDone();
    if (wanted !== name) navigate(dagAddress(wanted), { replace: true });
  }

  return (
    <form
      className={styles['rename']}
      onSubmit={(event) => {
        event.preventDefault();
        void keep();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onDone();
      }}
    >
      <Field
        label="Name of the DAG"
        isLabelHidden
        autoFocus
        value={text}
        error={error}
        onChange={(value) => {
          setText(value);
          setError(undefined);
        }}
        onBlur={() => {
          if (error === undefined) void keep();
        }}
        data-testid="dag-name-field"
      />
    </form>
  );
}

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
  if (isRenaming) return <RenameField name={name} onDone={() => setRenaming(false)} />;
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
