/**
 * The name of the DAG while it is being changed; loaded when that is asked for.
 */
import { useState } from 'react';
import { useLocation } from 'wouter';
import { Field } from '../design/primitives/Field.tsx';
import { renameDocument } from '../document/rename-document.ts';
import { dagAddress } from '../run/run-address.ts';
import styles from './TopBar.module.css';

export function RenameField({
  name,
  onDone,
}: {
  readonly name: string;
  readonly onDone: () => void;
}) {
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
