/**
 * The open document: its command log, what the server has of it, and what went wrong the last time it was
 * saved.
 */
import type { DagDetail, DagName } from '@stormglass/core';
import { createStore, useStore } from 'zustand';
import type { ApiProblem } from '../api/request.ts';
import type { Command } from './command.ts';
import { EMPTY_DOCUMENT, fromDagBody, sameDocument } from './document.ts';
import type { DagDocument } from './document.ts';
import {
  currentDocument,
  perform,
  redo,
  redoLabel,
  startHistory,
  undo,
  undoLabel,
} from './history.ts';
import type { History } from './history.ts';
import { writeStored } from './stored-document.ts';
import type { SavedRevision } from './stored-document.ts';

export type DocumentPhase =
  | { readonly is: 'closed' }
  | { readonly is: 'loading' }
  | { readonly is: 'open' }
  | { readonly is: 'missing' }
  | { readonly is: 'unreachable'; readonly problem: ApiProblem };

export interface OpenDocument {
  readonly name: DagName;
  readonly phase: DocumentPhase;
  readonly history: History;
  readonly saved: SavedRevision | undefined;
  readonly isSaving: boolean;
  /** Why the last save was refused; cleared by the next edit or save. */
  readonly saveProblem: ApiProblem | undefined;
  /** What the server has when someone else saved after this browser last did. */
  readonly newer: DagDetail | undefined;
}

export const closedDocument: OpenDocument = {
  name: '',
  phase: { is: 'closed' },
  history: startHistory(EMPTY_DOCUMENT),
  saved: undefined,
  isSaving: false,
  saveProblem: undefined,
  newer: undefined,
};

export const documentStore = createStore<OpenDocument>(() => closedDocument);

export const useOpenDocument = <T>(select: (open: OpenDocument) => T): T =>
  useStore(documentStore, select);

export const documentOf = (open: OpenDocument): DagDocument => currentDocument(open.history);

export const useDocument = (): DagDocument => useOpenDocument(documentOf);

export const getDocument = (): DagDocument => documentOf(documentStore.getState());

/** Whether there is something that the server does not have. */
export function hasUnsavedChanges(open: OpenDocument): boolean {
  if (open.phase.is !== 'open') return false;
  return open.saved === undefined || !sameDocument(documentOf(open), open.saved.document);
}

export const undoLabelOf = (open: OpenDocument): string | undefined => undoLabel(open.history);
export const redoLabelOf = (open: OpenDocument): string | undefined => redoLabel(open.history);

/** Called after every change: a browser that forbids storage still edits, it just does not keep. */
export function keepDocument(open: OpenDocument): void {
  if (open.phase.is !== 'open') return;
  try {
    writeStored(localStorage, open.name, { history: open.history, saved: open.saved });
  } catch {
    // Storage is full or forbidden: Save still works, so editing goes on.
  }
}

function change(step: (history: History) => History): void {
  const open = documentStore.getState();
  if (open.phase.is !== 'open') return;
  const history = step(open.history);
  if (history === open.history) return;
  documentStore.setState({ history, saveProblem: undefined });
  keepDocument(documentStore.getState());
}

/** One gesture, one entry of the log. `label` reads like a command: "Move 3 nodes". */
export const performGesture = (label: string, ...commands: readonly Command[]): void =>
  change((history) => perform(history, { label, commands }));

/** Goes on with the last gesture instead of beginning another: what it did is done anew by these commands. */
export const amendGesture = (label: string, ...commands: readonly Command[]): void =>
  change((history) => perform(undo(history), { label, commands }));

export const undoGesture = (): void => change(undo);
export const redoGesture = (): void => change(redo);

/** Gives up what this browser has and starts over from what the server has. */
export function takeNewer(): void {
  const { newer } = documentStore.getState();
  if (newer === undefined) return;
  const document = fromDagBody(newer);
  const saved = { document, version: newer.version };
  documentStore.setState({ history: startHistory(document), saved, newer: undefined });
  keepDocument(documentStore.getState());
}

/** Keeps what this browser has: the next save replaces what the server has. */
export function keepMine(): void {
  const { newer } = documentStore.getState();
  if (newer === undefined) return;
  const saved = { document: fromDagBody(newer), version: newer.version };
  documentStore.setState({ saved, newer: undefined });
  keepDocument(documentStore.getState());
}
