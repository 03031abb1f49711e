/**
 * The thread that erases types. Node's stripper is a WebAssembly module that a deeply nested source
 * breaks for good, for its whole thread; so it has a thread of its own, which strip-types.ts
 * replaces when that happens.
 */
import { stripTypeScriptTypes } from 'node:module';
import { workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';

export interface StripperData {
  readonly port: MessagePort;
  /** Counts answers; the asking thread waits on it. */
  readonly answers: Int32Array<SharedArrayBuffer>;
}

export type StripAnswer =
  | { readonly ok: true; readonly javascript: string }
  | {
      readonly ok: false;
      readonly code: string;
      readonly message: string;
      readonly stack: string;
    };

function strip(source: string): StripAnswer {
  try {
    return { ok: true, javascript: stripTypeScriptTypes(source, { mode: 'strip' }) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
    return { ok: false, code, message: error.message, stack: error.stack ?? '' };
  }
}

function isStripperData(data: unknown): data is StripperData {
  return typeof data === 'object' && data !== null && 'port' in data && 'answers' in data;
}

if (isStripperData(workerData)) {
  const { port, answers } = workerData;
  port.on('message', (source: string) => {
    port.postMessage(strip(source));
    Atomics.add(answers, 0, 1);
    Atomics.notify(answers, 0);
  });
}
