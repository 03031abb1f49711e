/**
 * A deep copy of plain data, so that two roles never share an object. Much cheaper than parsing
 * with a schema, which also copies; it checks nothing.
 */
export function copyPlainData<T>(value: T): T;
export function copyPlainData(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return copyOfArray(value);
  if (value instanceof Map) return copyOfMap(value);
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

function copyOfMap(value: ReadonlyMap<unknown, unknown>): Map<unknown, unknown> {
  for (const member of value.values()) {
    if (typeof member === 'object' && member !== null) return copyOfDeepMap(value);
  }
  // A clock, as most are. Keys are texts.
  return new Map(value);
}

function copyOfDeepMap(value: ReadonlyMap<unknown, unknown>): Map<unknown, unknown> {
  const copy = new Map<unknown, unknown>();
  for (const [key, member] of value) copy.set(copyPlainData(key), copyPlainData(member));
  return copy;
}
