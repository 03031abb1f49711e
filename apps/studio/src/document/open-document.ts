/**
 * Opening: what the server has and what this browser kept, put together without losing either.
 */
import type { DagDetail, DagName, NodeId, NodePlace } from '@stormglass/core';
import { findDag, getDag } from '../api/dags.ts';
import type { Answer, ApiProblem } from '../api/request.ts';
import { fromDagBody, lacksPlaces, sameDocument } from './document.ts';
import type { DagDocument } from './document.ts';
import { closedDocument, documentStore, keepDocument } from './document-store.ts';
import type { OpenDocument } from './document-store.ts';
import { currentDocument, startHistory } from './history.ts';
import { readStored, storedNames, writeStored } from './stored-document.ts';
import type { SavedRevision, StoredDocument } from './stored-document.ts';
import { clearSelection } from './selection-store.ts';

/** Finds places for a document that came without them. */
export type PlaceNodes = (document: DagDocument) => Promise<ReadonlyMap<NodeId, NodePlace>>;

function readKept(name: DagName): StoredDocument | undefined {
  try {
    return readStored(localStorage, name);
  } catch {
    return undefined;
  }
}

const hasChanges = (kept: StoredDocument): boolean =>
  kept.saved === undefined || !sameDocument(currentDocument(kept.history), kept.saved.document);

/** Version numbers begin anew on another cluster, so the content has to be the same too. */
function isOf(saved: SavedRevision | undefined, detail: DagDetail): boolean {
  if (saved?.version !== detail.version) return false;
  const there = fromDagBody(detail);
  const places = lacksPlaces(detail) ? saved.document.places : there.places;
  return sameDocument({ ...there, places }, saved.document);
}

async function fromServer(
  detail: DagDetail,
  placeNodes: PlaceNodes,
): Promise<Partial<OpenDocument>> {
  const plain = fromDagBody(detail);
  const document = lacksPlaces(detail) ? { ...plain, places: await placeNodes(plain) } : plain;
  return { history: startHistory(document), saved: { document, version: detail.version } };
}

const nobodyHas = (name: DagName): ApiProblem => ({
  type: 'dag-not-found',
  title: 'There is no such DAG',
  status: 404,
  detail: `There is no DAG called ${name}.`,
});

/** A document that was never saved is most likely not on the server, so it is looked for, not asked for. */
async function askFor(name: DagName, kept: StoredDocument | undefined): Promise<Answer<DagDetail>> {
  if (kept === undefined || kept.saved !== undefined) return getDag(name);
  const found = await findDag(name);
  if (!found.ok) return found;
  const { value } = found;
  return value === undefined ? { ok: false, problem: nobodyHas(name) } : { ok: true, value };
}

async function combine(
  answer: Answer<DagDetail>,
  kept: StoredDocument | undefined,
  placeNodes: PlaceNodes,
): Promise<Partial<OpenDocument>> {
  const open = { phase: { is: 'open' } } as const;
  if (answer.ok) {
    const detail = answer.value;
    if (kept !== undefined && isOf(kept.saved, detail)) return { ...open, ...kept };
    if (kept !== undefined && hasChanges(kept)) return { ...open, ...kept, newer: detail };
    return { ...open, ...(await fromServer(detail, placeNodes)) };
  }
  if (kept !== undefined) {
    const isGone = answer.problem.status === 404;
    return { ...open, history: kept.history, saved: isGone ? undefined : kept.saved };
  }
  if (answer.problem.status === 404) return { phase: { is: 'missing' } };
  return { phase: { is: 'unreachable', problem: answer.problem } };
}

export async function openDocument(name: DagName, placeNodes: PlaceNodes): Promise<void> {
  clearSelection();
  documentStore.setState({ ...closedDocument, name, phase: { is: 'loading' } }, true);
  const kept = readKept(name);
  const next = await combine(await askFor(name, kept), kept, placeNodes);
  // The person may have gone elsewhere meanwhile.
  const current = documentStore.getState();
  if (current.name !== name || current.phase.is !== 'loading') return;
  documentStore.setState(next);
  keepDocument(documentStore.getState());
}

/** Makes an empty document that only this browser knows, and answers with its name. */
export function createDocument(taken: ReadonlySet<DagName>, wanted = 'untitled'): DagName {
  const names = new Set([...taken, ...storedNames(localStorage)]);
  let name = wanted;
  for (let count = 2; names.has(name); count++) name = `${wanted}-${count}`;
  writeStored(localStorage, name, { history: closedDocument.history, saved: undefined });
  return name;
}
