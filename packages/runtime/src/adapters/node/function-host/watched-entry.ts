/**
 * The entry that is open, in memory that the host's thread and the watchdog's share. One writer,
 * one reader.
 */
import type { EntryWatch } from './entry-watch.ts';

/** Odd while an entry is open; every entry has a number of its own. */
const NUMBER = 0;
const BUDGET_MS = 1;
const ID_BYTES = 2;
const HEAD_BYTES = 12;
/** A longer call id is cut. */
const ID_BYTES_MAX = 1_024;

export interface WatchedEntry {
  readonly number: number;
  readonly budgetMs: number;
  readonly callId: string;
}

export function createWatchedMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(HEAD_BYTES + ID_BYTES_MAX);
}

export function createEntryWatch(memory: SharedArrayBuffer): EntryWatch {
  const head = new Int32Array(memory, 0, HEAD_BYTES / 4);
  const idBytes = new Uint8Array(memory, HEAD_BYTES);
  const encoder = new TextEncoder();
  return {
    enter: (callId, budgetMs) => {
      head[BUDGET_MS] = budgetMs;
      head[ID_BYTES] = encoder.encodeInto(callId, idBytes).written;
      Atomics.add(head, NUMBER, 1);
    },
    leave: () => {
      Atomics.add(head, NUMBER, 1);
    },
  };
}

/** Changes with every entry that begins or ends; odd while one is open. */
export const entryNumber = (memory: SharedArrayBuffer): number =>
  Atomics.load(new Int32Array(memory, 0, HEAD_BYTES / 4), NUMBER);

/** `undefined` when no entry is open, or when it changed while it was read. */
export function readEntry(memory: SharedArrayBuffer): WatchedEntry | undefined {
  const head = new Int32Array(memory, 0, HEAD_BYTES / 4);
  const number = Atomics.load(head, NUMBER);
  if (number % 2 === 0) return undefined;
  const budgetMs = head[BUDGET_MS] ?? 0;
  // A decoder refuses shared memory, so the bytes are copied.
  const id = new Uint8Array(memory, HEAD_BYTES, head[ID_BYTES] ?? 0).slice();
  if (Atomics.load(head, NUMBER) !== number) return undefined;
  return { number, budgetMs, callId: new TextDecoder().decode(id) };
}
