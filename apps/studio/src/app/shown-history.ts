/**
 * Undo and redo that say what they did: the change may be out of view.
 */
import { tell } from '../canvas/interactions/interaction-store.ts';
import {
  documentStore,
  redoGesture,
  redoLabelOf,
  undoGesture,
  undoLabelOf,
} from '../document/document-store.ts';

export function undoShown(): void {
  const label = undoLabelOf(documentStore.getState());
  undoGesture();
  tell(label === undefined ? 'There is nothing to undo.' : `Undone: ${label}.`);
}

export function redoShown(): void {
  const label = redoLabelOf(documentStore.getState());
  redoGesture();
  tell(label === undefined ? 'There is nothing to redo.' : `Done again: ${label}.`);
}
