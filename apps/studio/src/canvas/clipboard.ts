/**
 * Nodes as text: a copy is a DAG as `PUT /dags/<name>` takes it, so it can go into a chat, a file, another
 * studio, and back. Pure.
 */
import { dagBody } from '@stormglass/core';
import type { FunctionSummary, NodeId, NodePlace } from '@stormglass/core';
import { applyGesture } from '../document/command.ts';
import type { Command } from '../document/command.ts';
import { EMPTY_DOCUMENT, fromDagBody, toDagBody } from '../document/document.ts';
import type { DagDocument } from '../document/document.ts';
import { unusedNodeId } from '../document/unused-node-id.ts';
import { refusalOf } from './connection-rule.ts';
import { GRID } from './node-geometry.ts';

/** The given nodes, the connections among them, and their places. */
export function partOf(document: DagDocument, ids: ReadonlySet<NodeId>): DagDocument {
  return {
    ...EMPTY_DOCUMENT,
    nodes: document.nodes.filter(({ id }) => ids.has(id)),
    edges: document.edges.filter(({ from, to }) => ids.has(from) && ids.has(to)),
    places: new Map([...document.places].filter(([id]) => ids.has(id))),
  };
}

export const copiedText = (part: DagDocument): string =>
  JSON.stringify(toDagBody(part), undefined, 2);

/** `undefined` for text that is no DAG. */
export function readCopied(text: string): DagDocument | undefined {
  try {
    const parsed = dagBody.safeParse(JSON.parse(text));
    return parsed.success ? fromDagBody(parsed.data) : undefined;
  } catch {
    return undefined;
  }
}

export interface Paste {
  /** Empty where there is nothing to paste. */
  readonly commands: readonly Command[];
  /** The new nodes. */
  readonly ids: readonly NodeId[];
}

/** How far a copy stands aside of what is there. */
const ASIDE = 4 * GRID;

function freeOffset(document: DagDocument, part: DagDocument): number {
  const taken = [...document.places.values()];
  const isFree = (offset: number) =>
    [...part.places.values()].every(({ x, y }) =>
      taken.every(
        (other) =>
          Math.abs(other.x - x - offset) >= ASIDE || Math.abs(other.y - y - offset) >= ASIDE,
      ),
    );
  let offset = 0;
  while (!isFree(offset)) offset += ASIDE;
  return offset;
}

/**
 * Commands that add a copied part under unused names, aside of what is there. Connections that the rule
 * refuses, as text written by hand may have, are left out.
 */
export function pasteOf(
  document: DagDocument,
  part: DagDocument,
  functions: ReadonlyMap<string, FunctionSummary> | undefined,
): Paste {
  const offset = freeOffset(document, part);
  const names = new Map<NodeId, NodeId>();
  const commands: Command[] = [];
  let after = document;
  const perform = (command: Command): void => {
    commands.push(command);
    after = applyGesture(after, { label: '', commands: [command] });
  };
  for (const node of part.nodes) {
    const id = unusedNodeId(after, node.id);
    const place: NodePlace = part.places.get(node.id) ?? { x: 0, y: 0 };
    names.set(node.id, id);
    perform({
      type: 'add-node',
      id,
      function: node.function,
      place: { x: place.x + offset, y: place.y + offset },
    });
  }
  for (const { from, to, parameter } of part.edges) {
    const edge = { from: names.get(from) ?? from, to: names.get(to) ?? to, parameter };
    if (refusalOf(after, functions, edge) === undefined) perform({ type: 'connect', edge });
  }
  return { commands, ids: [...names.values()] };
}
