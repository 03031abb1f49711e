/**
 * A copy of a message on its way to another machine, so that two roles never have the same object.
 * Much cheaper than parsing it with its schema, which copies too; it checks nothing. What is below
 * a Map of clocks or of texts and numbers, as dependencies are, is shared: nobody changes those once
 * they are made, and they are most of what is sent.
 */
export function copyPlainData<T>(value: T): T;
export function copyPlainData(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return copyOfArray(value);
  if (value instanceof Map) return isOfClocks(value) ? value : copyOfMap(value);
  if (value instanceof Set) return new Set([...value].map(copyPlainData));
  if (value instanceof Uint8Array) return value.slice();
  const copy: Record<string, unknown> = { ...value };
  for (const name in copy) {
    const field = copy[name];
    if (typeof field === 'object' && field !== null) copy[name] = copyPlainData(field);
  }
  return copy;
}

function copyOfArray(value: readonly unknown[]): unknown[] {
  const copy = value.slice();
  for (let index = 0; index < copy.length; index += 1) {
    const member = copy[index];
    if (typeof member === 'object' && member !== null) copy[index] = copyPlainData(member);
  }
  return copy;
}

/** Whether there is no object in it but other Maps. */
function isOfClocks(value: ReadonlyMap<unknown, unknown>): boolean {
  for (const member of value.values()) {
    if (typeof member !== 'object' || member === null) continue;
    if (!(member instanceof Map) || !isOfClocks(member)) return false;
  }
  return true;
}

function copyOfMap(value: ReadonlyMap<unknown, unknown>): Map<unknown, unknown> {
  const copy = new Map<unknown, unknown>();
  for (const [key, member] of value) copy.set(key, copyPlainData(member));
  return copy;
}
