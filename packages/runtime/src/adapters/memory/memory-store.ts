/**
 * The Store port without a disk: for tests, and for clusters that may forget everything when they
 * stop.
 */
import { assert, compareTexts } from '@stormglass/core';
import type { Store, StoreEntry } from '../../ports/store.ts';

export function memoryStore(): Store {
  const entries = new Map<string, Uint8Array>();
  let isOpen = true;
  const assertOpen = (): void => assert(isOpen, 'The store is closed');
  return {
    load: async (key) => {
      assertOpen();
      return entries.get(key)?.slice();
    },
    save: async (saved) => {
      assertOpen();
      for (const { key, bytes } of saved) entries.set(key, bytes.slice());
    },
    remove: async (keys) => {
      assertOpen();
      for (const key of keys) entries.delete(key);
    },
    scan: async ({ prefix, after, limit }) => {
      assertOpen();
      const found: StoreEntry[] = [];
      for (const [key, bytes] of entries) {
        if (key.startsWith(prefix) && (after === undefined || key > after)) {
          found.push({ key, bytes: bytes.slice() });
        }
      }
      return found.toSorted((a, b) => compareTexts(a.key, b.key)).slice(0, limit);
    },
    close: async () => {
      isOpen = false;
    },
  };
}
