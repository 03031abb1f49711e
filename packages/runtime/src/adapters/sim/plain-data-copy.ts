/**
 * What a message becomes on its way to another machine, where it is not parsed, which copies all of
 * it. Values of keys, and what contains them, are other objects afterwards, as a role may ask whether
 * it has the same one already. All else is shared: it is plain data, and nobody changes plain data
 * once it is made, or runs with and without schemas would differ.
 */
import { isPlainObject } from './plain-data.ts';

export function copyPlainData<T>(value: T): T;
export function copyPlainData(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return copyOfArray(value);
  if (value instanceof Map) return copyOfMap(value);
  if (value instanceof Set || value instanceof Uint8Array) return value;
  return copyOfObject(value);
}

/** Capsules are what has a kind. */
function copyOfObject(value: object): object {
  if (!isPlainObject(value)) return value;
  let copy: Record<string, unknown> | undefined = 'kind' in value ? { ...value } : undefined;
  for (const name in value) {
    const field = value[name];
    if (typeof field !== 'object' || field === null) continue;
    const copied = copyPlainData(field);
    if (copied === field) continue;
    copy ??= { ...value };
    copy[name] = copied;
  }
  return copy ?? value;
}

function copyOfArray(value: readonly unknown[]): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let index = 0; index < value.length; index += 1) {
    const member: unknown = value[index];
    if (typeof member !== 'object' || member === null) continue;
    const copied = copyPlainData(member);
    if (copied === member) continue;
    copy ??= value.slice();
    copy[index] = copied;
  }
  return copy ?? value;
}

/** Keys are texts. */
function copyOfMap(value: ReadonlyMap<unknown, unknown>): ReadonlyMap<unknown, unknown> {
  let copy: Map<unknown, unknown> | undefined;
  for (const [key, member] of value) {
    if (typeof member !== 'object' || member === null) continue;
    const copied = copyPlainData(member);
    if (copied === member) continue;
    copy ??= new Map(value);
    copy.set(key, copied);
  }
  return copy ?? value;
}
