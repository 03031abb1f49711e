/**
 * Strict readers of JSON: each takes an unknown value and where it stands, and returns what it is
 * or throws a HistoryFormatError that says what is wrong there.
 */

export class HistoryFormatError extends Error {
  override name = 'HistoryFormatError';
}

export type Reader<T> = (json: unknown, where: string) => T;

const fail = (where: string, expected: string): never => {
  throw new HistoryFormatError(`${where}: ${expected}`);
};

export const text: Reader<string> = (json, where) =>
  typeof json === 'string' ? json : fail(where, 'expected a text');

export const count: Reader<number> = (json, where) =>
  typeof json === 'number' && Number.isSafeInteger(json) && json >= 0
    ? json
    : fail(where, 'expected a whole number from 0');

export const finite: Reader<number> = (json, where) =>
  typeof json === 'number' && Number.isFinite(json) ? json : fail(where, 'expected a number');

export const flag: Reader<boolean> = (json, where) =>
  typeof json === 'boolean' ? json : fail(where, 'expected true or false');

export const oneOf =
  <T extends string>(...allowed: readonly T[]): Reader<T> =>
  (json, where) =>
    allowed.find((one) => one === json) ?? fail(where, `expected one of ${allowed.join(', ')}`);

export const listOf =
  <T>(reader: Reader<T>): Reader<readonly T[]> =>
  (json, where) =>
    Array.isArray(json)
      ? json.map((one: unknown, index) => reader(one, `${where}[${index}]`))
      : fail(where, 'expected a list');

function entriesOf(json: unknown, where: string): readonly (readonly [string, unknown])[] {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return fail(where, 'expected an object');
  }
  return Object.entries(json);
}

/** An object whose names are the recorder's own: keys, writers. */
export const mapOf =
  <T>(reader: Reader<T>): Reader<ReadonlyMap<string, T>> =>
  (json, where) =>
    new Map(entriesOf(json, where).map(([name, one]) => [name, reader(one, `${where}.${name}`)]));

export const pairOf =
  <T>(reader: Reader<T>): Reader<readonly [T, T]> =>
  (json, where) => {
    const pair = listOf(reader)(json, where);
    const [first, second] = pair;
    return pair.length === 2 && first !== undefined && second !== undefined
      ? [first, second]
      : fail(where, 'expected a list of two');
  };

/** The fields of one object; `end` refuses those that nobody has asked for. */
export class Fields {
  readonly #left: Map<string, unknown>;
  readonly #where: string;

  constructor(json: unknown, where: string) {
    this.#left = new Map(entriesOf(json, where));
    this.#where = where;
  }

  need<T>(name: string, reader: Reader<T>): T {
    const value = this.optional(name, reader);
    return value === undefined ? fail(this.#where, `'${name}' is missing`) : value;
  }

  optional<T>(name: string, reader: Reader<T>): T | undefined {
    const json = this.#left.get(name);
    this.#left.delete(name);
    return json === undefined ? undefined : reader(json, `${this.#where}.${name}`);
  }

  has(name: string): boolean {
    return this.#left.has(name);
  }

  end(): void {
    const [unknown] = this.#left.keys();
    if (unknown !== undefined) fail(this.#where, `unknown field '${unknown}'`);
  }
}

/** An object with exactly the fields that `read` asks for. */
export const objectOf =
  <T>(read: (fields: Fields) => T): Reader<T> =>
  (json, where) => {
    const fields = new Fields(json, where);
    const value = read(fields);
    fields.end();
    return value;
  };
