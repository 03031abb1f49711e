/**
 * What this storage node has promised to commits over several nodes: that a key will take a lattice
 * of this kind when the merge comes. A key that exists keeps its kind for ever, so only keys that do
 * not exist yet need a promise.
 */
import { mismatchFailure, type CapsuleKind, type Failure, type Key } from '@stormglass/core';
import type { KindRequest } from './storage-requests.ts';

interface KindPromise {
  readonly kind: CapsuleKind;
  readonly commits: Set<string>;
}

export class KindPromises {
  readonly #promises = new Map<Key, KindPromise>();

  /**
   * Promises all of it, or nothing.
   * @param kindOf what the key holds; `undefined` when it does not exist
   */
  take(
    { commit, kinds }: KindRequest,
    kindOf: (key: Key) => CapsuleKind | undefined,
  ): Failure | undefined {
    for (const [key, offered] of kinds) {
      const held = kindOf(key) ?? this.#promises.get(key)?.kind;
      if (held !== undefined && held !== offered) return mismatchFailure(key, { held, offered });
    }
    for (const [key, kind] of kinds) if (kindOf(key) === undefined) this.#give(commit, key, kind);
    return undefined;
  }

  /** Why a value of this kind must not be merged, if another one was promised. */
  check(key: Key, offered: CapsuleKind): Failure | undefined {
    const held = this.#promises.get(key)?.kind;
    const isFree = held === undefined || held === offered;
    return isFree ? undefined : mismatchFailure(key, { held, offered });
  }

  /** The commit was refused. */
  release(commit: string): void {
    for (const [key, { commits }] of this.#promises) {
      if (commits.delete(commit) && commits.size === 0) this.#promises.delete(key);
    }
  }

  /** The key exists now, and so has its kind. */
  keep(key: Key): void {
    if (this.#promises.size > 0) this.#promises.delete(key);
  }

  #give(commit: string, key: Key, kind: CapsuleKind): void {
    const known = this.#promises.get(key);
    if (known === undefined) this.#promises.set(key, { kind, commits: new Set([commit]) });
    else known.commits.add(commit);
  }
}
