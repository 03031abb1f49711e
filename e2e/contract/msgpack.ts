/**
 * As much of MessagePack as a client of the API needs, written from its specification: nil,
 * booleans, numbers, text, bytes, arrays, maps.
 */

type Packable =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly Packable[]
  | { readonly [name: string]: Packable };

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder();

function sized(prefix: number, size: number): readonly number[] {
  return [prefix, (size >>> 24) & 0xff, (size >>> 16) & 0xff, (size >>> 8) & 0xff, size & 0xff];
}

function float(value: number): readonly number[] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return [0xcb, ...new Uint8Array(view.buffer)];
}

function bytesOf(value: Packable): readonly number[] {
  if (value === null) return [0xc0];
  if (value === false) return [0xc2];
  if (value === true) return [0xc3];
  if (typeof value === 'number') {
    return Number.isInteger(value) && value >= 0 && value < 128 ? [value] : float(value);
  }
  if (typeof value === 'string') {
    const text = utf8.encode(value);
    return [...sized(0xdb, text.length), ...text];
  }
  if (value instanceof Uint8Array) return [...sized(0xc6, value.length), ...value];
  if (Array.isArray(value)) return [...sized(0xdd, value.length), ...value.flatMap(bytesOf)];
  const entries = Object.entries(value);
  return [...sized(0xdf, entries.length), ...entries.flat().flatMap(bytesOf)];
}

export const pack = (value: Packable): Uint8Array<ArrayBuffer> => new Uint8Array(bytesOf(value));

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  read(): unknown {
    const kind = this.#view.getUint8(this.#at++);
    if (kind < 0x80) return kind;
    if (kind < 0x90) return this.#map(kind & 0x0f);
    if (kind < 0xa0) return this.#array(kind & 0x0f);
    if (kind < 0xc0) return this.#text(kind & 0x1f);
    if (kind >= 0xe0) return kind - 0x100;
    return this.#wide(kind);
  }

  #wide(kind: number): unknown {
    switch (kind) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#take(this.#unsigned(1 << (kind - 0xc4))).slice();
      case 0xca:
        return this.#skip(4, (at) => this.#view.getFloat32(at));
      case 0xcb:
        return this.#skip(8, (at) => this.#view.getFloat64(at));
      case 0xcc:
      case 0xcd:
      case 0xce:
      case 0xcf:
        return this.#unsigned(1 << (kind - 0xcc));
      case 0xd0:
      case 0xd1:
      case 0xd2:
      case 0xd3:
        return this.#signed(1 << (kind - 0xd0));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(this.#unsigned(1 << (kind - 0xd9)));
      case 0xdc:
      case 0xdd:
        return this.#array(this.#unsigned(kind === 0xdc ? 2 : 4));
      case 0xde:
      case 0xdf:
        return this.#map(this.#unsigned(kind === 0xde ? 2 : 4));
      default:
        throw new Error(`MessagePack of kind ${kind.toString(16)} is not expected here.`);
    }
  }

  #skip<T>(size: number, read: (at: number) => T): T {
    const value = read(this.#at);
    this.#at += size;
    return value;
  }

  #take(size: number): Uint8Array {
    return this.#skip(size, (at) => this.#bytes.subarray(at, at + size));
  }

  #unsigned(size: number): number {
    return this.#skip(size, (at) => {
      if (size === 1) return this.#view.getUint8(at);
      if (size === 2) return this.#view.getUint16(at);
      if (size === 4) return this.#view.getUint32(at);
      return Number(this.#view.getBigUint64(at));
    });
  }

  #signed(size: number): number {
    return this.#skip(size, (at) => {
      if (size === 1) return this.#view.getInt8(at);
      if (size === 2) return this.#view.getInt16(at);
      if (size === 4) return this.#view.getInt32(at);
      return Number(this.#view.getBigInt64(at));
    });
  }

  #text(size: number): string {
    return fromUtf8.decode(this.#take(size));
  }

  #array(size: number): unknown[] {
    return Array.from({ length: size }, () => this.read());
  }

  #map(size: number): Record<string, unknown> {
    return Object.fromEntries(
      Array.from({ length: size }, () => [String(this.read()), this.read()]),
    );
  }
}

export const unpack = (bytes: Uint8Array): unknown => new Reader(bytes).read();
