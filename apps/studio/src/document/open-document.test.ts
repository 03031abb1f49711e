import type { DagBody, DagDetail } from '@stormglass/core';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  documentStore,
  getDocument,
  hasUnsavedChanges,
  keepMine,
  performGesture,
  takeNewer,
  undoGesture,
  undoLabelOf,
} from './document-store.ts';
import { createDocument, openDocument } from './open-document.ts';
import { renameDocument } from './rename-document.ts';
import { saveDocument } from './save-document.ts';

/** What `localStorage` does, in memory. */
function memoryStorage(): Storage {
  const entries = new Map<string, string>();
  return {
    get length() {
      return entries.size;
    },
    key: (index) => [...entries.keys()][index] ?? null,
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
    clear: () => entries.clear(),
  };
}

/** The DAG resource of a server, as api.md says it behaves. */
function dagServer() {
  const dags = new Map<string, DagDetail>();
  let isUp = true;
  const put = (name: string, body: DagBody): DagDetail => {
    const version = (dags.get(name)?.version ?? 0) + 1;
    const detail = { ...body, name, version, edges: body.edges ?? [], sources: [], sinks: [] };
    dags.set(name, detail);
    return detail;
  };
  const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
  const respond = (url: string, init: { method: string; body: string }): Response => {
    if (!isUp) throw new TypeError('Failed to fetch');
    const name = url.slice(url.lastIndexOf('/') + 1);
    if (init.method === 'PUT') return answer(200, put(name, JSON.parse(init.body)));
    if (init.method === 'DELETE') return answer(dags.delete(name) ? 200 : 404, {});
    if (url.endsWith('/dags')) return answer(200, { dags: [...dags.values()] });
    const detail = dags.get(name);
    if (detail !== undefined) return answer(200, detail);
    return answer(404, { type: 'dag-not-found', title: 'none', status: 404, detail: 'none' });
  };
  return {
    dags,
    put,
    goDown: () => {
      isUp = false;
    },
    fetch: (url: string, init: { method: string; body: string }) =>
      Promise.resolve().then(() => respond(url, init)),
  };
}

const placeNodes = () => Promise.resolve(new Map([['a', { x: 16, y: 16 }]]));
const body = (...ids: string[]): DagBody => ({
  nodes: ids.map((id) => ({ id, function: 'f' })),
  edges: [],
  layout: Object.fromEntries(ids.map((id, index) => [id, { x: index * 288, y: 0 }])),
});
const addNode = (id: string) =>
  performGesture(`Add ${id}`, { type: 'add-node', id, function: 'f', place: { x: 0, y: 200 } });
const nodeIds = () => getDocument().nodes.map(({ id }) => id);
const open = () => documentStore.getState();

let server: ReturnType<typeof dagServer>;

beforeEach(() => {
  server = dagServer();
  vi.stubGlobal('fetch', server.fetch);
  vi.stubGlobal('localStorage', memoryStorage());
});

describe('opening', () => {
  test('what is on the server is open and saved', async () => {
    server.put('d', body('a', 'b'));
    await openDocument('d', placeNodes);
    expect(nodeIds()).toStrictEqual(['a', 'b']);
    expect(hasUnsavedChanges(open())).toBe(false);
  });

  test('a DAG without places gets some, and that is no change', async () => {
    server.put('d', { nodes: [{ id: 'a', function: 'f' }], edges: [] });
    await openDocument('d', placeNodes);
    expect(getDocument().places.get('a')).toStrictEqual({ x: 16, y: 16 });
    expect([hasUnsavedChanges(open()), undoLabelOf(open())]).toStrictEqual([false, undefined]);
  });

  test('unsaved changes and undo are there after a reload', async () => {
    server.put('d', body('a'));
    await openDocument('d', placeNodes);
    addNode('b');
    await openDocument('d', placeNodes);
    expect(nodeIds()).toStrictEqual(['a', 'b']);
    expect(hasUnsavedChanges(open())).toBe(true);
    undoGesture();
    expect(nodeIds()).toStrictEqual(['a']);
    expect(hasUnsavedChanges(open())).toBe(false);
  });

  test('without changes here, what the server has now is shown', async () => {
    server.put('d', body('a'));
    await openDocument('d', placeNodes);
    server.put('d', body('a', 'z'));
    await openDocument('d', placeNodes);
    expect(nodeIds()).toStrictEqual(['a', 'z']);
    expect(open().newer).toBeUndefined();
  });

  test('the same version number of another cluster is not taken for the same DAG', async () => {
    server.put('d', body('a'));
    await openDocument('d', placeNodes);
    server.dags.clear();
    server.put('d', body('other'));
    await openDocument('d', placeNodes);
    expect(nodeIds()).toStrictEqual(['other']);
  });

  test('a DAG that nobody has is missing; one that only this browser has is open', async () => {
    await openDocument('nobody', placeNodes);
    expect(open().phase.is).toBe('missing');
    expect(createDocument(new Set(['untitled']))).toBe('untitled-2');
    await openDocument('untitled-2', placeNodes);
    expect([open().phase.is, hasUnsavedChanges(open())]).toStrictEqual(['open', true]);
  });

  test('without a server, what is kept here can be edited, and what is not says why', async () => {
    server.put('d', body('a'));
    await openDocument('d', placeNodes);
    addNode('b');
    server.goDown();
    await openDocument('d', placeNodes);
    expect(nodeIds()).toStrictEqual(['a', 'b']);
    await openDocument('e', placeNodes);
    expect(open().phase.is).toBe('unreachable');
  });
});

describe('when someone else saved meanwhile', () => {
  beforeEach(async () => {
    server.put('d', body('a'));
    await openDocument('d', placeNodes);
    addNode('mine');
    server.put('d', body('a', 'theirs'));
  });

  test('saving is refused, and nothing is overwritten', async () => {
    const answer = await saveDocument();
    expect(answer.ok).toBe(false);
    expect(server.dags.get('d')?.nodes.map(({ id }) => id)).toStrictEqual(['a', 'theirs']);
    expect([nodeIds(), open().newer?.version]).toStrictEqual([['a', 'mine'], 2]);
  });

  test('keeping mine saves mine', async () => {
    await openDocument('d', placeNodes);
    keepMine();
    expect((await saveDocument()).ok).toBe(true);
    expect(server.dags.get('d')?.nodes.map(({ id }) => id)).toStrictEqual(['a', 'mine']);
    expect(hasUnsavedChanges(open())).toBe(false);
  });

  test('taking the server’s shows it, saved', async () => {
    await openDocument('d', placeNodes);
    takeNewer();
    expect(nodeIds()).toStrictEqual(['a', 'theirs']);
    expect(hasUnsavedChanges(open())).toBe(false);
  });
});

describe('renaming', () => {
  test('moves the DAG on the server, and keeps what is not saved', async () => {
    server.put('d', body('a'));
    await openDocument('d', placeNodes);
    addNode('b');
    expect(await renameDocument('e')).toBeUndefined();
    expect([...server.dags.keys()]).toStrictEqual(['e']);
    expect([open().name, hasUnsavedChanges(open())]).toStrictEqual(['e', true]);
    await openDocument('e', placeNodes);
    expect(nodeIds()).toStrictEqual(['a', 'b']);
  });

  test('a name that is taken, or not allowed, is refused with a reason', async () => {
    server.put('d', body('a'));
    server.put('e', body('a'));
    await openDocument('d', placeNodes);
    expect(await renameDocument('e')).toContain('already');
    expect(await renameDocument('9 lives')).toContain('Letters');
    expect([...server.dags.keys()]).toStrictEqual(['d', 'e']);
  });
});
