/**
 * Plain data: what may cross from one role to another. Strings, numbers, booleans, null, undefined,
 * arrays, byte arrays, plain objects, Maps and Sets of them.
 */
export const isPlainObject = (value: object): value is Readonly<Record<string, unknown>> => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/**
 * JSON text in which equal data have equal text: fields sorted, Maps and Sets kept apart from
 * objects and arrays and in their own order, `undefined` fields left out. Throws on what is not
 * plain data.
 */
export function canonicalText(value: unknown): string {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'number':
      if (Object.is(value, -0)) return '{"$number":"-0"}';
      return Number.isFinite(value) ? JSON.stringify(value) : `{"$number":"${value}"}`;
    case 'undefined':
      return '{"$undefined":true}';
    case 'object':
      return value === null ? 'null' : textOfObject(value);
    default:
      throw new TypeError(`Not plain data: a ${typeof value}`);
  }
}

function textOfObject(value: object): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (value instanceof Map) return `{"$map":[${[...value].map(canonicalText).join(',')}]}`;
  if (value instanceof Set) return `{"$set":[${[...value].map(canonicalText).join(',')}]}`;
  if (value instanceof Uint8Array) return `{"$bytes":[${value.join(',')}]}`;
  if (!isPlainObject(value)) {
    throw new TypeError(`Not plain data: an instance of ${value.constructor.name}`);
  }
  let text = '';
  for (const [name, field] of Object.entries(value).toSorted(compareFields)) {
    if (field === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${canonicalText(field)}`;
  }
  return `{${text}}`;
}

const compareFields = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : 1;
