/**
 * Who owns a key. Every role of a cluster gets the same answer (the hash ring is the usual implementation).
 */
import type { Key, Space, StorageId } from '@stormglass/core';

export interface Ownership {
  readonly nodes: readonly StorageId[];
  readonly ownerOf: (space: Space, key: Key) => StorageId;
}
