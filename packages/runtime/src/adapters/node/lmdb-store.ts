/**
 * The Store port on LMDB: one directory, one process at a time. Saves of one turn of the event loop
 * share a transaction and an fsync, off the main thread.
 *
 * A value under a cut key (store-key-bytes.ts) starts with the length of the encoded key and the
 * encoded key itself.
 */
import { assert, compareTexts } from '@stormglass/core';
import { open, type RootDatabase } from 'lmdb';
import type { Store, StoreEntry } from '../../ports/store.ts';
import {
  decodeKey,
  encodeKey,
  isCut,
  storedKeyOf,
  WHOLE_KEY_BYTES_MAX,
} from './store-key-bytes.ts';

export interface LmdbStoreOptions {
  /** A directory; made when it is not there. */
  readonly path: string;
}

const LENGTH_BYTES = 4;

/** The copy is needed as well: LMDB reads the value on another thread after `put` has returned. */
function storedValue(encoded: Buffer, bytes: Uint8Array): Buffer {
  if (!isCut(encoded)) return Buffer.from(bytes);
  const value = Buffer.allocUnsafe(LENGTH_BYTES + encoded.length + bytes.length);
  value.writeUInt32BE(encoded.length);
  value.set(encoded, LENGTH_BYTES);
  value.set(bytes, LENGTH_BYTES + encoded.length);
  return value;
}

function readEntry(storedKey: Buffer, value: Buffer): StoreEntry {
  if (!isCut(storedKey)) return { key: decodeKey(storedKey), bytes: new Uint8Array(value) };
  const end = LENGTH_BYTES + value.readUInt32BE();
  const key = decodeKey(value.subarray(LENGTH_BYTES, end));
  return { key, bytes: new Uint8Array(value.subarray(end)) };
}

const startOf = (storedKey: Buffer): Buffer => storedKey.subarray(0, WHOLE_KEY_BYTES_MAX);

interface Range {
  readonly prefix: string;
  readonly after?: string | undefined;
  readonly limit: number;
}

/**
 * Entries from the place of `after` or `prefix` on; those of one cut start are brought into order
 * first.
 */
function* entriesFrom(database: RootDatabase<Buffer, Buffer>, range: Range): Generator<StoreEntry> {
  const first =
    range.after !== undefined && range.after > range.prefix ? range.after : range.prefix;
  let group: StoreEntry[] = [];
  let groupStart: Buffer | undefined;
  const takeGroup = (): StoreEntry[] => {
    const taken = group.toSorted((a, b) => compareTexts(a.key, b.key));
    group = [];
    groupStart = undefined;
    return taken;
  };
  for (const { key, value } of database.getRange({ start: startOf(encodeKey(first)) })) {
    if (groupStart !== undefined && !(isCut(key) && startOf(key).equals(groupStart))) {
      yield* takeGroup();
    }
    const entry = readEntry(key, value);
    if (isCut(key)) {
      groupStart = Buffer.from(startOf(key));
      group.push(entry);
    } else yield entry;
  }
  yield* takeGroup();
}

/** Throws when the directory cannot be opened. Operations reject when the disk refuses. */
export function openLmdbStore({ path }: LmdbStoreOptions): Store {
  const database = open<Buffer, Buffer>({
    path,
    // A path with a dot in it would otherwise be taken for a file.
    noSubdir: false,
    encoding: 'binary',
    keyEncoding: 'binary',
  });
  let isOpen = true;
  const assertOpen = (): void => assert(isOpen, 'The store is closed');
  const commit = async (write: () => void): Promise<void> => {
    assertOpen();
    await database.batch(write);
    await database.flushed;
  };
  return {
    load: async (key) => {
      assertOpen();
      const storedKey = storedKeyOf(encodeKey(key));
      const value = database.get(storedKey);
      return value === undefined ? undefined : readEntry(storedKey, value).bytes;
    },
    save: (entries) =>
      commit(() => {
        for (const { key, bytes } of entries) {
          const encoded = encodeKey(key);
          void database.put(storedKeyOf(encoded), storedValue(encoded, bytes));
        }
      }),
    remove: (keys) =>
      commit(() => {
        for (const key of keys) void database.remove(storedKeyOf(encodeKey(key)));
      }),
    scan: async (range) => {
      assertOpen();
      const found: StoreEntry[] = [];
      for (const entry of entriesFrom(database, range)) {
        if (found.length >= range.limit) break;
        if (range.after !== undefined && entry.key <= range.after) continue;
        if (entry.key < range.prefix) continue;
        if (!entry.key.startsWith(range.prefix)) break;
        found.push(entry);
      }
      return found;
    },
    close: async () => {
      if (!isOpen) return;
      isOpen = false;
      await database.close();
    },
  };
}
