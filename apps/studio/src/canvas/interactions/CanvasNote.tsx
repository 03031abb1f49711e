/**
 * What was just done, in one sentence at the foot of the canvas; it goes by itself.
 */
import { useInteraction } from './interaction-store.ts';
import styles from './CanvasNote.module.css';

export function CanvasNote() {
  const note = useInteraction((state) => state.note);
  if (note === undefined) return null;
  // Screen readers hear it as the announcement.
  return (
    <p key={note} aria-hidden className={styles['note']} data-testid="canvas-note">
      {note}
    </p>
  );
}
