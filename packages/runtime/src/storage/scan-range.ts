/**
 * Reads a range of a space from the store, in key order. Tombstones are skipped, so one answer may
 * take several ranges of the store.
 */
import { valueOf, type Capsule, type Key, type MessageOf } from '@stormglass/core';
import type { Codec } from '../ports/codec.ts';
import type { Store } from '../ports/store.ts';
import { parseStoreKey, storeKeyOf } from './store-key.ts';

export interface ScannedRange {
  readonly entries: readonly [Key, Capsule][];
  /** False when `limit` cut the answer. */
  readonly complete: boolean;
}

export const scanRange = async (
  range: Pick<MessageOf<'storage.scan'>, 'space' | 'prefix' | 'after' | 'limit'>,
  { store, codec }: { readonly store: Store; readonly codec: Codec<Capsule> },
): Promise<ScannedRange> => {
  const { space, limit } = range;
  const prefix = storeKeyOf(space, range.prefix);
  const entries: [Key, Capsule][] = [];
  let after = range.after === undefined ? undefined : storeKeyOf(space, range.after);
  for (;;) {
    const found = await store.scan({ prefix, after, limit: limit + 1 });
    for (const entry of found) {
      if (entries.length === limit) break;
      after = entry.key;
      const capsule = codec.decode(entry.bytes);
      if (valueOf(capsule) !== undefined) entries.push([parseStoreKey(entry.key).key, capsule]);
    }
    const complete = found.length <= limit && after === (found.at(-1)?.key ?? after);
    if (complete || entries.length >= limit) return { entries, complete };
  }
};
