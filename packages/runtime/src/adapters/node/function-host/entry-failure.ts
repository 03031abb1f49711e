/**
 * Why an entry into an isolate did not come back normally.
 */
import type { Failure, FunctionDefinition, ThrownError } from '@stormglass/core';
import { fileNameOf, thrownError } from './thrown-error.ts';

export interface EntryEnd {
  readonly elapsedMs: number;
  readonly timeoutMs: number;
  /** V8 disposed of the isolate during the entry. */
  readonly isDisposed: boolean;
}

export interface EntryFailure {
  readonly failure: Failure;
  /** The isolate cannot be entered again. */
  readonly isBroken: boolean;
}

export function timeoutFailure(definition: FunctionDefinition): Failure {
  const { name, timeoutMs } = definition;
  const detail = `The function ${name} ran longer than ${timeoutMs} ms.`;
  return { type: 'timeout', detail, function: name };
}

function memoryFailure({ name, memoryMb }: FunctionDefinition): Failure {
  const detail = `The function ${name} used more than the ${memoryMb} MB of memory that it may.`;
  return { type: 'memory-limit', detail, function: name };
}

/**
 * For the other calls of an isolate that one call broke; they did nothing wrong and may run again.
 */
export function lostFailure({ name }: FunctionDefinition): Failure {
  const detail =
    `Another call of the function ${name} broke the isolate that this call was running in; ` +
    'it can be run again.';
  return { type: 'unavailable', detail, function: name };
}

/** What the allocator of an isolate throws at its memory limit; user code can catch it. */
const isOutOfMemory = ({ name, message }: ThrownError): boolean =>
  name === 'RangeError' && message === 'Array buffer allocation failed';

export function functionFailure(definition: FunctionDefinition, error: ThrownError): Failure {
  if (isOutOfMemory(error)) return { ...memoryFailure(definition), error };
  const thrown = error.message === '' ? error.name : `${error.name}: ${error.message}`;
  const detail = `The function ${definition.name} threw ${thrown.replace(/\.$/u, '')}.`;
  return { type: 'function-failed', detail, function: definition.name, error };
}

function syntaxFailure(definition: FunctionDefinition, message: string): Failure {
  const place = /\[[^\]]*:(\d+):(\d+)\]$/u.exec(message);
  return {
    type: 'syntax-error',
    detail: `${message.replace(/ \[[^\]]*\]$/u, '')}.`,
    function: definition.name,
    ...(place === null ? {} : { line: Number(place[1]), column: Number(place[2]) }),
  };
}

const isTimeout = (error: Error, end: EntryEnd): boolean =>
  error.message === 'Script execution timed out.' && end.elapsedMs > end.timeoutMs - 2;

/** `thrown` is what isolated-vm threw: its own error, or a copy of a user's that nothing caught. */
export function entryFailure(
  definition: FunctionDefinition,
  thrown: unknown,
  end: EntryEnd,
): EntryFailure {
  if (end.isDisposed) return { failure: memoryFailure(definition), isBroken: true };
  if (thrown instanceof Error && isTimeout(thrown, end)) {
    return { failure: timeoutFailure(definition), isBroken: true };
  }
  if (thrown instanceof SyntaxError && /\[[^\]]*:\d+:\d+\]$/u.test(thrown.message)) {
    return { failure: syntaxFailure(definition, thrown.message), isBroken: false };
  }
  const raw =
    thrown instanceof Error
      ? { name: thrown.name, message: thrown.message, stack: thrown.stack ?? '' }
      : { name: 'Error', message: `${String(thrown)} was thrown, which is no Error`, stack: '' };
  const error = thrownError(raw, fileNameOf(definition));
  return { failure: functionFailure(definition, error), isBroken: false };
}
