/**
 * The language as it is before user code runs. The files of this folder run inside every isolate,
 * in the same realm as the user's function, which may replace `Array.prototype.map`, `JSON.parse`
 * or `Promise.prototype.then`. So they use these copies only, and no syntax that looks a method up
 * behind their back: no `for…of`, spread, destructured arrays, `await`, `instanceof` or template on
 * objects.
 */
/* oxlint-disable typescript/unbound-method -- every method here is called through `apply` with its receiver */
export const { apply } = Reflect;
export const { defineProperty, freeze, getPrototypeOf, keys } = Object;
const { setPrototypeOf } = Object;
export const { isArray } = Array;
export const { parse, stringify } = JSON;
export const { isFinite } = Number;
export const toText = String;
export const { fromCharCode } = String;
export const ErrorConstructor = Error;
export const TypeErrorConstructor = TypeError;
export const PromiseConstructor = Promise;
export const Bytes = Uint8Array;

export const objectPrototype = Object.prototype;
const arrayPrototype = Array.prototype;
export const promisePrototype = Promise.prototype;
export const datePrototype = Date.prototype;
export const errorPrototype = Error.prototype;

type Method<Receiver, Rest extends readonly unknown[], Result> = (
  this: Receiver,
  ...rest: Rest
) => Result;

function uncurry<Receiver, Rest extends readonly unknown[], Result>(
  method: Method<Receiver, Rest, Result>,
): (receiver: Receiver, ...rest: Rest) => Result {
  return (receiver, ...rest) => apply(method, receiver, rest);
}

/**
 * The getter behind a property of a built-in prototype; throws when the receiver is of another
 * kind.
 */
function getterOf(prototype: object, property: PropertyKey): (receiver: unknown) => unknown {
  const getter = Object.getOwnPropertyDescriptor(prototype, property)?.get;
  if (getter === undefined) throw new ErrorConstructor('A built-in getter is missing.');
  return (receiver) => apply(getter, receiver, []);
}

const isPrototype = uncurry(Object.prototype.isPrototypeOf);
export const isPrototypeOf = (prototype: object, value: unknown): boolean =>
  isPrototype(prototype, value as object);
export const describeKind = uncurry(Object.prototype.toString);
export const charCodeAt = uncurry(String.prototype.charCodeAt);
export const isWellFormed = uncurry(String.prototype.isWellFormed);
export const includes = uncurry(String.prototype.includes);
export const slice = uncurry(String.prototype.slice);
export const subscribe = uncurry(Promise.prototype.then<void, void>);

/**
 * `Uint8Array` and so on for typed arrays, `undefined` for everything else, whatever the value
 * claims.
 */
export const typedArrayName = getterOf(getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag);
const typedArrayLength = getterOf(getPrototypeOf(Uint8Array.prototype), 'length');
const arrayBufferLength = getterOf(ArrayBuffer.prototype, 'byteLength');

/** The value as bytes when it is a `Uint8Array` or an `ArrayBuffer`. */
export function asBytes(value: object): Uint8Array | undefined {
  if (typedArrayName(value) === 'Uint8Array') return value as Uint8Array;
  try {
    arrayBufferLength(value);
  } catch {
    return undefined;
  }
  return new Bytes(value as ArrayBuffer);
}

export function lengthOf(bytes: Uint8Array): number {
  return typedArrayLength(bytes) as number;
}

const weakGet = uncurry(WeakMap.prototype.get);
const weakSet = uncurry(WeakMap.prototype.set);

/** What the bridge knows of an object that user code holds. */
export function privateTable<Value>(): {
  readonly get: (key: unknown) => Value | undefined;
  readonly set: (key: object, value: Value) => void;
} {
  const table = new WeakMap<object, unknown>();
  return {
    get: (key) => weakGet(table, key as object) as Value | undefined,
    set: (key, value) => {
      weakSet(table, key, value);
    },
  };
}

/** An array that writes to itself only, whatever was put on `Array.prototype`. */
export function list<Element>(): Element[] {
  return setPrototypeOf([] as Element[], null) as Element[];
}

/** Gives a {@link list} to user code. */
export function asArray<Element>(elements: Element[]): Element[] {
  return setPrototypeOf(elements, arrayPrototype) as Element[];
}
