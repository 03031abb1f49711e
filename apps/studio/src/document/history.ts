/**
 * The command log: a base document, the gestures since, and how many of them count. Undo moves the count
 * back.
 */
import { applyGesture } from './command.ts';
import type { Gesture } from './command.ts';
import type { DagDocument } from './document.ts';

export const GESTURES_MAX = 1_000;

export interface History {
  readonly base: DagDocument;
  readonly gestures: readonly Gesture[];
  /** Gestures up to here are done, the rest can be redone. */
  readonly done: number;
  /** `documents[n]` is the document after n gestures; `documents[0]` is the base. */
  readonly documents: readonly DagDocument[];
}

export const startHistory = (base: DagDocument): History => ({
  base,
  gestures: [],
  done: 0,
  documents: [base],
});

export function currentDocument(history: History): DagDocument {
  return history.documents[history.done] ?? history.base;
}

/** Replays stored gestures; those that no longer change anything stay, so that the count still fits. */
export function restoreHistory(
  base: DagDocument,
  gestures: readonly Gesture[],
  done: number,
): History {
  const documents = [base];
  let document = base;
  for (const gesture of gestures) {
    document = applyGesture(document, gesture);
    documents.push(document);
  }
  return { base, gestures, done: Math.max(0, Math.min(done, gestures.length)), documents };
}

/** Records a gesture; what was undone is dropped. A gesture that changes nothing is not recorded. */
export function perform(history: History, gesture: Gesture): History {
  const before = currentDocument(history);
  const after = applyGesture(before, gesture);
  if (after === before) return history;
  const gestures = [...history.gestures.slice(0, history.done), gesture];
  const documents = [...history.documents.slice(0, history.done + 1), after];
  const surplus = gestures.length - GESTURES_MAX;
  if (surplus <= 0) return { base: history.base, gestures, done: gestures.length, documents };
  const kept = documents.slice(surplus);
  return {
    base: kept[0] ?? after,
    gestures: gestures.slice(surplus),
    done: GESTURES_MAX,
    documents: kept,
  };
}

export const undo = (history: History): History =>
  history.done === 0 ? history : { ...history, done: history.done - 1 };

export const redo = (history: History): History =>
  history.done === history.gestures.length ? history : { ...history, done: history.done + 1 };

export const undoLabel = (history: History): string | undefined =>
  history.gestures[history.done - 1]?.label;

export const redoLabel = (history: History): string | undefined =>
  history.gestures[history.done]?.label;
