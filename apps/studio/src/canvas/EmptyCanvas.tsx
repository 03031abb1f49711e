/**
 * What an empty canvas says: the two ways to begin.
 */
import { Plus } from 'lucide-react';
import { Button } from '../design/primitives/Button.tsx';
import { interact, useInteraction } from './interactions/interaction-store.ts';
import { usePlaceInView } from './use-place-in-view.ts';
import styles from './EmptyCanvas.module.css';

export function EmptyCanvas() {
  const isAdding = useInteraction(({ interaction }) => interaction.is === 'adding');
  const { middle } = usePlaceInView();
  if (isAdding) return null;
  return (
    <div className={styles['empty']}>
      <p className={styles['title']}>Add your first function</p>
      <p className={styles['text']}>
        Drag one from the library, or double click anywhere, or press <kbd>N</kbd> and type a name.
        Then draw a line from a result to a parameter.
      </p>
      <Button
        variant="primary"
        data-testid="add-first"
        onPress={() => interact({ is: 'adding', ...middle(), link: undefined })}
      >
        <Plus size={16} aria-hidden />
        Add a function
      </Button>
    </div>
  );
}
