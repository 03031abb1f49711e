/**
 * Saving: refuses to overwrite what someone else saved meanwhile, and says why when the server refuses.
 */
import { findDag, putDag } from '../api/dags.ts';
import type { Answer, ApiProblem } from '../api/request.ts';
import type { DagName } from '@stormglass/core';
import { toDagBody } from './document.ts';
import { documentOf, documentStore, hasUnsavedChanges, keepDocument } from './document-store.ts';

const changedElsewhere: ApiProblem = {
  type: 'changed-elsewhere',
  title: 'Someone else saved this DAG',
  status: 409,
  detail: 'The server has a newer version. Choose which one to keep, then save again.',
};

function refuse(problem: ApiProblem): Answer<DagName> {
  documentStore.setState({ isSaving: false, saveProblem: problem });
  return { ok: false, problem };
}

/** Answers with the name under which the DAG is on the server. Nothing to save is a success. */
export async function saveDocument(): Promise<Answer<DagName>> {
  const open = documentStore.getState();
  const { name, saved } = open;
  if (!hasUnsavedChanges(open)) return { ok: true, value: name };
  documentStore.setState({ isSaving: true, saveProblem: undefined });

  const before = await findDag(name);
  if (!before.ok) return refuse(before.problem);
  if (before.value !== undefined && before.value.version !== saved?.version) {
    documentStore.setState({ newer: before.value });
    return refuse(changedElsewhere);
  }
  // Edits made while the answer was on its way belong to the next save.
  const document = documentOf(documentStore.getState());
  const answer = await putDag(name, toDagBody(document));
  if (!answer.ok) return refuse(answer.problem);
  if (documentStore.getState().name !== name) return { ok: true, value: name };
  documentStore.setState({ isSaving: false, saved: { document, version: answer.value.version } });
  keepDocument(documentStore.getState());
  return { ok: true, value: name };
}
