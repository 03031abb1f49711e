/**
 * Values leave the isolate as JSON text. What JSON would drop or distort in silence (functions,
 * NaN, a Map, a forgotten promise) is an error that says where it sits; bytes become `{"$bytes":
 * base64}`.
 */
import { toBase64 } from './base64.ts';
import { operandOf } from './operand.ts';
import {
  asBytes,
  datePrototype,
  errorPrototype,
  getPrototypeOf,
  isArray,
  isFinite,
  isPrototypeOf,
  keys,
  lengthOf,
  list,
  objectPrototype,
  promisePrototype,
  stringify,
  toText,
  typedArrayName,
  TypeErrorConstructor,
} from './primordials.ts';
import { refusal } from './refusal.ts';

/** Characters of JSON text. */
const VALUE_LENGTH_MAX = 16 * 1024 * 1024;
const DEPTH_MAX = 500;
/** A longer path says nothing to a reader. */
const PATH_LENGTH_MAX = 200;

const mapPrototype = Map.prototype;
const setPrototype = Set.prototype;

interface Problem {
  readonly what: string;
  /** Where it sits, built while the search returns. */
  path: string;
  readonly isTooLarge: boolean;
}

interface Search {
  length: number;
  /** Something in the value has to be replaced before it can be written as JSON. */
  needsCopy: boolean;
}

function problem(what: string, isTooLarge = false): Problem {
  return { what, path: '', isTooLarge };
}

/**
 * Where a value refers to itself, the search ends at the depth limit; only then is it worth finding
 * out which.
 */
function tooDeep(value: object): Problem {
  const isCyclic = refersToItself(value, list());
  return problem(
    isCyclic ? 'refers to itself' : `is nested more than ${toText(DEPTH_MAX)} levels deep`,
  );
}

function refersToItself(value: unknown, ancestors: object[]): boolean {
  if (typeof value !== 'object' || value === null || ancestors.length > DEPTH_MAX) return false;
  for (let index = 0; index < ancestors.length; index += 1) {
    if (ancestors[index] === value) return true;
  }
  const depth = ancestors.length;
  ancestors[depth] = value;
  const names = keys(value);
  for (let index = 0; index < names.length; index += 1) {
    const child = (value as Record<string, unknown>)[names[index] ?? ''];
    if (refersToItself(child, ancestors)) return true;
  }
  ancestors.length = depth;
  return false;
}

function problemOfPrimitive(value: unknown, search: Search): Problem | undefined {
  switch (typeof value) {
    case 'string':
      search.length += value.length + 2;
      return undefined;
    case 'number':
      search.length += 8;
      if (isFinite(value)) return undefined;
      return problem(`is ${toText(value)}, a number that JSON does not have: use null or a string`);
    case 'bigint':
      return problem('is a BigInt, which JSON does not have: use a number or a string');
    case 'symbol':
      return problem('is a symbol, which cannot leave the function');
    case 'function':
      return problem('is a function, which cannot leave the function');
    default:
      search.length += 5;
      return undefined;
  }
}

/** Objects of a class: bytes are fine, what JSON would write as `{}` is not. */
function inspectInstance(value: object, search: Search): Problem | 'bytes' | undefined {
  if (isPrototypeOf(promisePrototype, value)) {
    return problem('is a promise: await it first');
  }
  if (isPrototypeOf(mapPrototype, value)) {
    return problem('is a Map, which JSON does not have: use Object.fromEntries(map) or [...map]');
  }
  if (isPrototypeOf(setPrototype, value)) {
    return problem('is a Set, which JSON does not have: use [...set]');
  }
  const bytes = asBytes(value);
  if (bytes !== undefined) {
    search.needsCopy = true;
    search.length += (lengthOf(bytes) * 4) / 3 + 16;
    return 'bytes';
  }
  const name = typedArrayName(value);
  if (name !== undefined) {
    return problem(`is a ${toText(name)}: use Array.from(it), or a Uint8Array for bytes`);
  }
  if (isPrototypeOf(errorPrototype, value) && toJsonOf(value) === undefined) {
    return problem('is an Error, which JSON would write as {}: use its message');
  }
  return undefined;
}

function toJsonOf(value: object): ((key: string) => unknown) | undefined {
  const { toJSON } = value as { toJSON?: unknown };
  return typeof toJSON === 'function' ? (toJSON as (key: string) => unknown) : undefined;
}

function problemOfElements(value: unknown[], depth: number, search: Search): Problem | undefined {
  for (let index = 0; index < value.length; index += 1) {
    const found = findProblem(value[index], depth, search);
    if (found !== undefined) {
      found.path = `[${toText(index)}]${found.path}`;
      return found;
    }
  }
  return undefined;
}

function problemOfProperties(value: object, depth: number, search: Search): Problem | undefined {
  const names = keys(value);
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index] ?? '';
    search.length += name.length + 3;
    const found = findProblem((value as Record<string, unknown>)[name], depth, search);
    if (found !== undefined) {
      found.path = `.${name}${found.path}`;
      return found;
    }
  }
  return undefined;
}

/** `isReplaced`: the value came out of `toJSON`, which JSON asks once. */
function findProblem(
  value: unknown,
  depth: number,
  search: Search,
  isReplaced = false,
): Problem | undefined {
  if (typeof value !== 'object' || value === null) return problemOfPrimitive(value, search);
  search.length += 2;
  if (search.length > VALUE_LENGTH_MAX) return problem('is larger than 16 MB', true);
  if (depth > DEPTH_MAX) return tooDeep(value);
  if (isArray(value)) return problemOfElements(value, depth + 1, search);
  const prototype: unknown = getPrototypeOf(value);
  if (prototype === null && operandOf(value) !== undefined) {
    return problem('is made by cloud.lattice: join it into a key with cloud.merge');
  }
  if (prototype !== objectPrototype && prototype !== null) {
    const found = inspectInstance(value, search);
    if (found !== undefined) return found === 'bytes' ? undefined : found;
  }
  if (!isReplaced && toJsonOf(value) !== undefined) {
    if (prototype !== datePrototype) search.needsCopy = true;
    return undefined;
  }
  return problemOfProperties(value, depth + 1, search);
}

function copyArray(value: unknown[], search: Search, depth: number): unknown {
  const copy = list<unknown>();
  for (let index = 0; index < value.length; index += 1) {
    copy[index] = copyPlain(value[index], search, depth);
  }
  return copy;
}

function copyObject(value: object, search: Search, depth: number): unknown {
  const copy = { __proto__: null } as unknown as Record<string, unknown>;
  const names = keys(value);
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index] ?? '';
    copy[name] = copyPlain((value as Record<string, unknown>)[name], search, depth);
  }
  return copy;
}

/** The value with bytes and `toJSON` written out; problems behind a `toJSON` come to light here. */
function copyPlain(value: unknown, search: Search, depth: number, isReplaced = false): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isArray(value)) return copyArray(value, search, depth + 1);
  const bytes = asBytes(value);
  if (bytes !== undefined) return { __proto__: null, $bytes: toBase64(bytes) };
  if (isReplaced || toJsonOf(value) === undefined) return copyObject(value, search, depth + 1);
  const replaced = (value as { toJSON: (key: string) => unknown }).toJSON('');
  const found = findProblem(replaced, depth + 1, search, true);
  if (found !== undefined) fail('What toJSON gives', found);
  return copyPlain(replaced, search, depth + 1, true);
}

function fail(subject: string, { what, path, isTooLarge }: Problem): never {
  if (isTooLarge) throw refusal('value-too-large', `${subject} ${what}.`);
  const place = path === '' || path.length > PATH_LENGTH_MAX ? '' : ` at ${path}`;
  throw new TypeErrorConstructor(`${subject}${place} ${what}.`);
}

/**
 * `subject` starts the sentence of an error, for example `The result`. `undefined` only for
 * `undefined`.
 */
export function encode(subject: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const search: Search = { length: 0, needsCopy: false };
  const found = findProblem(value, 0, search);
  if (found !== undefined) fail(subject, found);
  const text = stringify(search.needsCopy ? copyPlain(value, search, 0) : value);
  if (text.length > VALUE_LENGTH_MAX) fail(subject, problem('is larger than 16 MB', true));
  return text;
}
