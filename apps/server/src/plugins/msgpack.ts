/**
 * MessagePack beside JSON: bytes are binary there and `{"$bytes": base64}` in JSON. Inside the
 * server there is JSON text only, so this is a translation at the door, in both directions.
 */
import { Packr, Unpackr } from 'msgpackr';

const packr = new Packr({ useRecords: false, variableMapSize: true });
/** Maps, because an object would lose an entry called `__proto__`. */
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: false });

const BYTES = '$bytes';

function keyText(key: unknown): string {
  return typeof key === 'string' ? key : String(key);
}

function safeInteger(value: bigint): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new RangeError(`the integer ${value} is beyond ±2^53, send it as text`);
}

/** What JSON cannot say is an error: written as JSON it would be something else, and nobody told. */
function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new RangeError(`it holds ${value}, a number that JSON does not have, send null or text`);
}

/**
 * The JSON form of an unpacked value. Throws for what JSON cannot carry exactly: a `RangeError` for
 * a number, a `TypeError` for an object.
 */
function toJsonForm(value: unknown): unknown {
  if (typeof value === 'number') return finite(value);
  if (value instanceof Uint8Array) return { [BYTES]: Buffer.from(value).toString('base64') };
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'bigint') return safeInteger(value);
  if (Array.isArray(value)) return value.map(toJsonForm);
  if (value instanceof Map) {
    // `fromEntries` makes own properties, whatever their names.
    return Object.fromEntries(
      [...value].map(([key, member]) => [keyText(key), toJsonForm(member)]),
    );
  }
  if (typeof value === 'object' && value !== null) {
    throw new TypeError('it holds a type that JSON does not have, send maps, arrays and text');
  }
  return value;
}

/** Throws when the bytes are not MessagePack, or hold what JSON cannot say. */
export const unpackToJsonForm = (bytes: Buffer): unknown => toJsonForm(unpackr.unpack(bytes));

/** As for functions: what is no base64 is an object like any other. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/u;

function isBytesForm(value: object): value is { readonly [BYTES]: string } {
  return (
    BYTES in value &&
    typeof value[BYTES] === 'string' &&
    BASE64.test(value[BYTES]) &&
    Object.getOwnPropertyNames(value).length === 1
  );
}

function fromJsonForm(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(fromJsonForm);
  if (isBytesForm(value)) return Buffer.from(value[BYTES], 'base64');
  return new Map(Object.entries(value).map(([key, member]) => [key, fromJsonForm(member)]));
}

export const packJsonText = (text: string): Buffer => packr.pack(fromJsonForm(JSON.parse(text)));
