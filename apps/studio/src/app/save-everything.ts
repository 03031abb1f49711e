/**
 * Saving what is open: first the functions that were changed, then the DAG that uses them.
 */
import type { DagName } from '@stormglass/core';
import type { Answer } from '../api/request.ts';
import { documentStore, getDocument } from '../document/document-store.ts';
import { saveDocument } from '../document/save-document.ts';
import { selectionStore } from '../document/selection-store.ts';
import { saveDrafts } from '../library/function-store.ts';

/**
 * Answers with the DAG's name on the server. What refused it also shows at the document and at the
 * function.
 */
export async function saveEverything(): Promise<Answer<DagName>> {
  const names = new Set(getDocument().nodes.map((node) => node.function));
  const { openFunction } = selectionStore.getState();
  if (openFunction !== undefined) names.add(openFunction);
  const functions = await saveDrafts(names);
  if (!functions.ok) {
    documentStore.setState({ saveProblem: functions.problem });
    return functions;
  }
  return saveDocument();
}
