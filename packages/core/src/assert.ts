/**
 * Assertions for programmer errors. An operating failure is a value (see `failure.ts`), never an assertion.
 */

export class AssertionFailure extends Error {
  override readonly name = 'AssertionFailure';
}

/** @param message a function where writing it on every call would take time, as numbers in it do */
export function assert(condition: boolean, message: string | (() => string)): asserts condition {
  if (!condition) throw new AssertionFailure(typeof message === 'string' ? message : message());
}

/** Unwraps a value that the surrounding code guarantees to be there. */
export function must<T>(value: T | undefined | null, message: string): T {
  if (value === undefined || value === null) throw new AssertionFailure(message);
  return value;
}

/** The unreachable end of an exhaustive switch. */
export function assertNever(value: never, message: string): never {
  throw new AssertionFailure(`${message}: ${JSON.stringify(value)}`);
}
