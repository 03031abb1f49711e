/**
 * Giving a DAG another name: here and, when the server has it, there. A name that is taken is refused.
 */
import { NAME_PATTERN } from '@stormglass/core';
import type { DagName } from '@stormglass/core';
import { deleteDag, findDag, putDag } from '../api/dags.ts';
import { toDagBody } from './document.ts';
import { documentStore, keepDocument } from './document-store.ts';
import { readStored, removeStored } from './stored-document.ts';

/** Answers with what is wrong, or `undefined` when the document has its new name. */
export async function renameDocument(name: DagName): Promise<string | undefined> {
  const { name: before, saved } = documentStore.getState();
  if (name === before) return undefined;
  if (!NAME_PATTERN.test(name)) return 'Letters, digits, - and _; a letter or _ first; 64 at most.';
  const existing = await findDag(name);
  if (!existing.ok) return existing.problem.detail;
  if (existing.value !== undefined || readStored(localStorage, name) !== undefined) {
    return `There is already a DAG called ${name}.`;
  }
  if (saved === undefined) {
    documentStore.setState({ name });
  } else {
    const created = await putDag(name, toDagBody(saved.document));
    if (!created.ok) return created.problem.detail;
    const deleted = await deleteDag(before);
    if (!deleted.ok && deleted.problem.status !== 404) return deleted.problem.detail;
    documentStore.setState({ name, saved: { ...saved, version: created.value.version } });
  }
  removeStored(localStorage, before);
  keepDocument(documentStore.getState());
  return undefined;
}
