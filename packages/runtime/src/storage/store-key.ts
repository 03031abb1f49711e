/**
 * Keys of the durable store: the space, a separator, the key. Commit records and kept answers have
 * prefixes of their own.
 */
import { assert, must, spaces, type Key, type Space } from '@stormglass/core';

/** Starts every commit record; no space begins with it. */
export const RECORD_PREFIX = '!commit/';

/** Starts every kept answer; no space begins with it. */
export const ANSWER_PREFIX = '!answer/';

export const storeKeyOf = (space: Space, key: Key): string => `${space}/${key}`;

export const parseStoreKey = (storeKey: string): { readonly space: Space; readonly key: Key } => {
  const cut = storeKey.indexOf('/');
  assert(cut > 0, `Not a store key: ${storeKey}`);
  const space = must(
    spaces.find((candidate) => candidate === storeKey.slice(0, cut)),
    `Not a space: ${storeKey}`,
  );
  return { space, key: storeKey.slice(cut + 1) };
};
