/**
 * What is kept in the browser of a document: its whole command log, so that a reload loses nothing, not
 * even undo.
 */
import { dagBody } from '@stormglass/core';
import type { DagName } from '@stormglass/core';
import type { Command, Gesture } from './command.ts';
import { fromDagBody, toDagBody } from './document.ts';
import type { DagDocument } from './document.ts';
import { restoreHistory } from './history.ts';
import type { History } from './history.ts';

const PREFIX = 'stormglass.document.';

export interface StoredDocument {
  readonly history: History;
  readonly saved: SavedRevision | undefined;
}

/** The last state that this browser knows to be on the server. */
export interface SavedRevision {
  readonly document: DagDocument;
  readonly version: number;
}

/** The part of `Storage` that is used; reads and writes may throw when the browser forbids them. */
export interface KeyValueStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isPlace = (value: unknown): boolean =>
  isRecord(value) && typeof value['x'] === 'number' && typeof value['y'] === 'number';

const commandChecks: {
  readonly [T in Command['type']]: (value: Readonly<Record<string, unknown>>) => boolean;
} = {
  'add-node': (value) =>
    isText(value['id']) && isText(value['function']) && isPlace(value['place']),
  connect: ({ edge }) =>
    isRecord(edge) && isText(edge['from']) && isText(edge['to']) && isText(edge['parameter']),
  remove: (value) => isTexts(value['nodes']) && isTexts(value['edges']),
  'move-nodes': ({ places }) =>
    Array.isArray(places) &&
    places.every((entry) => Array.isArray(entry) && isText(entry[0]) && isPlace(entry[1])),
  'rename-node': (value) => isText(value['from']) && isText(value['to']),
};

const isCommandType = (type: unknown): type is Command['type'] =>
  isText(type) && Object.hasOwn(commandChecks, type);

const isCommand = (value: unknown): value is Command =>
  isRecord(value) && isCommandType(value['type']) && commandChecks[value['type']](value);

const isGesture = (value: unknown): value is Gesture =>
  isRecord(value) &&
  isText(value['label']) &&
  Array.isArray(value['commands']) &&
  value['commands'].every(isCommand);

function parseDocument(value: unknown): DagDocument | undefined {
  const parsed = dagBody.safeParse(value);
  return parsed.success ? fromDagBody(parsed.data) : undefined;
}

/** `undefined` for anything that this version of the studio did not write. */
export function parseStored(text: string): StoredDocument | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value['format'] !== 1) return undefined;
  const { base: baseBody, gestures, done, saved } = value;
  const base = parseDocument(baseBody);
  if (base === undefined || !Array.isArray(gestures) || !gestures.every(isGesture))
    return undefined;
  if (typeof done !== 'number') return undefined;
  const history = restoreHistory(base, gestures, done);
  if (!isRecord(saved) || typeof saved['version'] !== 'number')
    return { history, saved: undefined };
  const document = parseDocument(saved['document']);
  if (document === undefined) return { history, saved: undefined };
  return { history, saved: { document, version: saved['version'] } };
}

export function printStored({ history, saved }: StoredDocument): string {
  return JSON.stringify({
    format: 1,
    base: toDagBody(history.base),
    gestures: history.gestures,
    done: history.done,
    ...(saved === undefined
      ? {}
      : { saved: { version: saved.version, document: toDagBody(saved.document) } }),
  });
}

export function readStored(storage: KeyValueStorage, name: DagName): StoredDocument | undefined {
  const text = storage.getItem(PREFIX + name);
  return text === null ? undefined : parseStored(text);
}

export const writeStored = (
  storage: KeyValueStorage,
  name: DagName,
  stored: StoredDocument,
): void => storage.setItem(PREFIX + name, printStored(stored));

export const removeStored = (storage: KeyValueStorage, name: DagName): void =>
  storage.removeItem(PREFIX + name);

/** Names of the documents kept here. */
export function storedNames(storage: Storage): readonly DagName[] {
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
  return keys.filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
}
