/**
 * JSON text becomes a value inside the isolate; `{"$bytes": base64}` becomes a `Uint8Array`.
 */
import { fromBase64 } from './base64.ts';
import { includes, isArray, keys, parse } from './primordials.ts';

function asBytesObject(value: Record<string, unknown>, names: string[]): Uint8Array | undefined {
  if (names.length !== 1 || names[0] !== '$bytes') return undefined;
  const { $bytes: text } = value;
  return typeof text === 'string' ? fromBase64(text) : undefined;
}

/**
 * What `JSON.parse` made has own properties only, `__proto__` included, so assigning replaces in
 * place.
 */
function revive(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isArray(value)) {
    const elements: unknown[] = value;
    for (let index = 0; index < elements.length; index += 1) {
      elements[index] = revive(elements[index]);
    }
    return elements;
  }
  const record = value as Record<string, unknown>;
  const names = keys(record);
  const bytes = asBytesObject(record, names);
  if (bytes !== undefined) return bytes;
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index] ?? '';
    record[name] = revive(record[name]);
  }
  return record;
}

export function decode(text: string): unknown {
  const value: unknown = parse(text);
  return includes(text, '"$bytes"') ? revive(value) : value;
}
