/**
 * The cache index: which caches hold a key of this storage node, so that a change can be pushed
 * (protocols.md 3.5).
 */
import type { Key } from '@stormglass/core';
import type { Address } from '../ports/transport.ts';

export class CacheIndex {
  readonly #cachesOf = new Map<Key, Set<Address>>();

  add(key: Key, cache: Address): void {
    const caches = this.#cachesOf.get(key);
    if (caches === undefined) this.#cachesOf.set(key, new Set([cache]));
    else caches.add(cache);
  }

  remove(key: Key, cache: Address): void {
    const caches = this.#cachesOf.get(key);
    caches?.delete(cache);
    if (caches?.size === 0) this.#cachesOf.delete(key);
  }

  forget(cache: Address): void {
    for (const key of [...this.#cachesOf.keys()]) this.remove(key, cache);
  }

  cachesOf(key: Key): readonly Address[] {
    return [...(this.#cachesOf.get(key) ?? [])];
  }
}
