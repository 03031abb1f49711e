/**
 * A name for a new function; it is registered as soon as the name is good.
 */
import { useState } from 'react';
import { Button } from '../design/primitives/Button.tsx';
import { Field } from '../design/primitives/Field.tsx';
import { createFunction } from './create-function.ts';
import styles from './Library.module.css';

/** `onDone` gets the name, or nothing when the person thought better of it. */
export function NewFunction({ onDone }: { readonly onDone: (name?: string) => void }) {
  const [name, setName] = useState('');
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  async function create() {
    setBusy(true);
    const problem = await createFunction(name.trim());
    setBusy(false);
    setError(problem);
    if (problem === undefined) onDone(name.trim());
  }

  return (
    <form
      className={styles['create']}
      onSubmit={(event) => {
        event.preventDefault();
        void create();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onDone();
      }}
    >
      <Field
        label="Name of the new function"
        isMono
        autoFocus
        placeholder="square"
        value={name}
        onChange={(value) => {
          setName(value);
          setError(undefined);
        }}
        error={error}
        data-testid="new-function-name"
      />
      <div className={styles['createActions']}>
        <Button size="small" variant="plain" onPress={() => onDone()}>
          Cancel
        </Button>
        <Button
          size="small"
          variant="primary"
          type="submit"
          isDisabled={isBusy}
          data-testid="create-function"
        >
          Create
        </Button>
      </div>
    </form>
  );
}
