/**
 * Errors that user code gets from the platform. They carry the problem's type as `code`, and keep
 * it when nobody catches them; user code cannot make one.
 */
import { defineProperty, ErrorConstructor, privateTable } from './primordials.ts';

const types = privateTable<string>();

function define(target: object, property: string, value: unknown): void {
  // A descriptor with `Object.prototype` behind it could be given a getter by user code.
  defineProperty(target, property, {
    __proto__: null,
    value,
    writable: true,
    configurable: true,
    enumerable: false,
  } as PropertyDescriptor);
}

/** Fills in an error made earlier, so that its stack shows where the user asked. */
export function asRefusal(error: Error, type: string, detail: string): Error {
  define(error, 'message', detail);
  define(error, 'code', type);
  types.set(error, type);
  return error;
}

export function refusal(type: string, detail: string): Error {
  return asRefusal(new ErrorConstructor(detail), type, detail);
}

/** The problem's type when the platform made this error. */
export function refusalType(thrown: unknown): string | undefined {
  return types.get(thrown);
}
