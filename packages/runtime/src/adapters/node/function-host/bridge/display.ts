/**
 * Any value as a short text, for log lines and for what user code throws. Never throws, and calls
 * user code only where `String` or `JSON.stringify` would.
 */
import {
  describeKind,
  errorPrototype,
  isPrototypeOf,
  slice,
  stringify,
  toText,
} from './primordials.ts';

export const TEXT_LENGTH_MAX = 4_000;

export function shorten(text: string, length: number): string {
  return text.length > length ? `${slice(text, 0, length)}…` : text;
}

/** `''` when reading it throws or gives something that is no text. */
export function readText(value: object, property: 'message' | 'name' | 'stack'): string {
  try {
    const text = (value as Record<string, unknown>)[property];
    return typeof text === 'string' ? text : '';
  } catch {
    return '';
  }
}

export function isError(value: unknown): value is Error {
  return isPrototypeOf(errorPrototype, value);
}

function displayObject(value: object): string {
  if (isError(value)) return `${readText(value, 'name')}: ${readText(value, 'message')}`;
  if (typeof value === 'function') return '[function]';
  try {
    const text: unknown = stringify(value);
    if (typeof text === 'string') return text;
  } catch {
    return describeKind(value);
  }
  return describeKind(value);
}

export function display(value: unknown): string {
  if (typeof value === 'string') return shorten(value, TEXT_LENGTH_MAX);
  const isPrimitive = (typeof value !== 'object' && typeof value !== 'function') || value === null;
  try {
    return shorten(isPrimitive ? toText(value) : displayObject(value), TEXT_LENGTH_MAX);
  } catch {
    return '[a value that cannot be shown]';
  }
}
