/**
 * Asks before a function is deleted for everyone; a function that a DAG uses stays, and the reason is
 * shown here.
 */
import { useState } from 'react';
import type { FunctionName } from '@stormglass/core';
import { Button } from '../design/primitives/Button.tsx';
import { Dialog } from '../design/primitives/Dialog.tsx';
import { Notice } from '../design/primitives/Notice.tsx';
import { clearSelection, selectionStore } from '../document/selection-store.ts';
import { removeFunction } from './function-store.ts';
import styles from './Library.module.css';

interface DeleteFunctionProps {
  readonly name: FunctionName;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function DeleteFunction({ name, isOpen, onClose }: DeleteFunctionProps) {
  const [problem, setProblem] = useState<string>();

  function close() {
    setProblem(undefined);
    onClose();
  }

  async function confirm() {
    const answer = await removeFunction(name);
    if (!answer.ok) {
      setProblem(answer.problem.detail);
      return;
    }
    if (selectionStore.getState().openFunction === name) clearSelection();
    close();
  }

  return (
    <Dialog
      title={`Delete ${name}?`}
      isOpen={isOpen}
      onClose={close}
      actions={
        <>
          <Button onPress={close}>Keep it</Button>
          <Button variant="danger" onPress={() => void confirm()}>
            Delete function
          </Button>
        </>
      }
    >
      <p>Its source is deleted from the server. This cannot be undone.</p>
      {problem === undefined ? null : (
        <div className={styles['dialogNotice']}>
          <Notice tone="danger">{problem}</Notice>
        </div>
      )}
    </Dialog>
  );
}
