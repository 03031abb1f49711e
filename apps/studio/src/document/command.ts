/**
 * Every edit of a document, as plain data: what undo replays and what survives a reload.
 */
import { addNode } from './commands/add-node.ts';
import type { AddNode } from './commands/add-node.ts';
import { connect } from './commands/connect.ts';
import type { Connect } from './commands/connect.ts';
import { moveNodes } from './commands/move-nodes.ts';
import type { MoveNodes } from './commands/move-nodes.ts';
import { remove } from './commands/remove.ts';
import type { Remove } from './commands/remove.ts';
import { renameNode } from './commands/rename-node.ts';
import type { RenameNode } from './commands/rename-node.ts';
import type { DagDocument } from './document.ts';

export type Command = AddNode | Connect | MoveNodes | Remove | RenameNode;

/** What one gesture did: a name for the history and its commands in order. */
export interface Gesture {
  readonly label: string;
  readonly commands: readonly Command[];
}

function applyCommand(document: DagDocument, command: Command): DagDocument {
  switch (command.type) {
    case 'add-node':
      return addNode(document, command);
    case 'connect':
      return connect(document, command);
    case 'move-nodes':
      return moveNodes(document, command);
    case 'remove':
      return remove(document, command);
    case 'rename-node':
      return renameNode(document, command);
  }
}

/** Answers with the same reference when the gesture changes nothing. */
export const applyGesture = (document: DagDocument, gesture: Gesture): DagDocument =>
  gesture.commands.reduce(applyCommand, document);
