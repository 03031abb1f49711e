/**
 * `cloud.lattice`: what makes operands for `cloud.merge`.
 */
import { encode } from './encode.ts';
import { makeOperand } from './operand.ts';
import {
  asBytes,
  describeKind,
  freeze,
  isArray,
  isFinite,
  keys,
  list,
  toText,
  TypeErrorConstructor,
} from './primordials.ts';

function finite(call: string, value: unknown): readonly number[] {
  if (typeof value === 'number' && isFinite(value)) {
    const texts = list<number>();
    texts[0] = value;
    return texts;
  }
  throw new TypeErrorConstructor(`${call} takes a finite number.`);
}

/** So much, or less: a sum of larger ones would soon be no number that can be stored. */
const ADDEND_MAX = 9_007_199_254_740_991;

function addend(value: unknown): readonly number[] {
  const texts = finite('cloud.lattice.counter', value);
  const add = texts[0] ?? 0;
  if (add >= -ADDEND_MAX && add <= ADDEND_MAX) return texts;
  throw new TypeErrorConstructor('cloud.lattice.counter takes a number of at most 2^53 - 1.');
}

function encodeElement(subject: string, value: unknown): string {
  const text = encode(subject, value);
  if (text === undefined) throw new TypeErrorConstructor(`${subject} is undefined.`);
  return text;
}

const set = freeze((elements: unknown): object => {
  if (!isArray(elements)) {
    throw new TypeErrorConstructor('cloud.lattice.set takes an array of elements.');
  }
  const values: unknown[] = elements;
  const texts = list<string>();
  for (let index = 0; index < values.length; index += 1) {
    texts[index] = encodeElement(`Element ${toText(index)} of the set`, values[index]);
  }
  return makeOperand('set', texts);
});

const map = freeze((fields: unknown): object => {
  const isRecord =
    typeof fields === 'object' &&
    fields !== null &&
    !isArray(fields) &&
    asBytes(fields) === undefined &&
    describeKind(fields) === '[object Object]';
  if (!isRecord) throw new TypeErrorConstructor('cloud.lattice.map takes an object of fields.');
  const names = keys(fields);
  const texts = list<string>();
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index] ?? '';
    texts[index * 2] = name;
    const value = (fields as Record<string, unknown>)[name];
    texts[index * 2 + 1] = encodeElement(`Field ${name} of the map`, value);
  }
  return makeOperand('map', texts);
});

/** Shared by all calls in this isolate, hence frozen to the bottom. */
export const lattice = freeze({
  counter: freeze((add: unknown) => makeOperand('counter', addend(add))),
  set,
  map,
  max: freeze((max: unknown) => makeOperand('max', finite('cloud.lattice.max', max))),
});
