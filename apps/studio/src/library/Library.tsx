/**
 * The functions on the server: found by typing, dragged or added to the canvas, opened, made and deleted.
 */
import { FunctionSquare, PanelLeftClose, Plus, Search } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '../design/primitives/Button.tsx';
import { Field } from '../design/primitives/Field.tsx';
import { Notice } from '../design/primitives/Notice.tsx';
import { LibraryItem } from './LibraryItem.tsx';
import { NewFunction } from './NewFunction.tsx';
import { loadFunctions, useFunctions } from './function-store.ts';
import { matchFunctions } from './match-functions.ts';
import styles from './Library.module.css';

interface LibraryProps {
  /** Puts a function on the canvas where there is room. */
  readonly onAdd: (name: string) => void;
  /** Shows a function's code. */
  readonly onOpen: (name: string) => void;
  /** Folds the library away. */
  readonly onHide: () => void;
}

interface LibraryListProps extends Omit<LibraryProps, 'onHide'> {
  readonly text: string;
}

function LibraryList({ text, onAdd, onOpen }: LibraryListProps) {
  const functions = useFunctions((state) => state.functions);
  const problem = useFunctions((state) => state.listProblem);
  if (functions === undefined) {
    if (problem === undefined) return <p className={styles['quiet']}>Loading…</p>;
    return (
      <div className={styles['notice']}>
        <Notice
          tone="danger"
          actions={
            <Button size="small" onPress={() => void loadFunctions()}>
              Retry
            </Button>
          }
        >
          {problem.detail}
        </Notice>
      </div>
    );
  }
  if (functions.size === 0) {
    return (
      <div className={styles['none']}>
        <FunctionSquare size={24} aria-hidden />
        <p>No functions yet.</p>
        <p className={styles['quietText']}>
          A function is a few lines of JavaScript or TypeScript. Its parameters become ports.
        </p>
      </div>
    );
  }
  const found = matchFunctions([...functions.values()], text);
  if (found.length === 0) {
    return <p className={styles['quiet']}>{`0 of ${functions.size} functions match “${text}”.`}</p>;
  }
  return (
    <ul className={styles['list']} aria-label="Functions">
      {found.map((summary) => (
        <LibraryItem key={summary.name} summary={summary} onAdd={onAdd} onOpen={onOpen} />
      ))}
    </ul>
  );
}

export function Library({ onAdd, onOpen, onHide }: LibraryProps) {
  const [text, setText] = useState('');
  const [isCreating, setCreating] = useState(false);
  return (
    <nav className={styles['library']} aria-label="Function library" data-region>
      <div className={styles['head']}>
        <h2 className={styles['title']}>Functions</h2>
        <Button
          size="small"
          data-testid="new-function"
          aria-label="New function"
          onPress={() => setCreating(true)}
        >
          <Plus size={14} aria-hidden />
          New
        </Button>
        <IconButton label="Hide the library" onPress={onHide}>
          <PanelLeftClose size={16} aria-hidden />
        </IconButton>
      </div>
      {isCreating ? (
        <NewFunction
          onDone={(name) => {
            setCreating(false);
            if (name !== undefined) onOpen(name);
          }}
        />
      ) : null}
      <div className={styles['search']}>
        <Field
          label="Search functions"
          isLabelHidden
          placeholder="Search"
          icon={<Search size={16} aria-hidden />}
          value={text}
          onChange={setText}
          data-testid="library-search"
        />
      </div>
      <LibraryList text={text} onAdd={onAdd} onOpen={onOpen} />
    </nav>
  );
}
