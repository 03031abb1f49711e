/**
 * What is durable of this node's keys, by store key, as far as it was needed since the start.
 */
import type { Capsule, CapsuleOrAbsent } from '@stormglass/core';
import type { Codec } from '../ports/codec.ts';
import type { Store } from '../ports/store.ts';

export interface DurableValuesOptions {
  readonly store: Store;
  readonly codec: Codec<Capsule>;
  readonly onLoaded: (storeKey: string, capsule: Capsule) => void;
  readonly failed: (cause: unknown) => void;
}

export class DurableValues {
  readonly #options: DurableValuesOptions;
  readonly #values = new Map<string, CapsuleOrAbsent>();
  readonly #loading = new Map<string, (() => void)[]>();
  #isClosed = false;

  constructor(options: DurableValuesOptions) {
    this.#options = options;
  }

  /** `undefined`: not in memory. */
  get(storeKey: string): CapsuleOrAbsent | undefined {
    return this.#values.get(storeKey);
  }

  /** It was saved. */
  set(storeKey: string, capsule: Capsule): void {
    this.#values.set(storeKey, capsule);
  }

  close(): void {
    this.#isClosed = true;
  }

  /** Runs `then` once all of these are in memory; at once when they are. */
  withLoaded(storeKeys: readonly string[], then: () => void): void {
    const missing = storeKeys.filter((storeKey) => !this.#values.has(storeKey));
    if (missing.length === 0) {
      then();
      return;
    }
    let waiting = missing.length;
    const one = (): void => {
      waiting -= 1;
      if (waiting === 0 && !this.#isClosed) then();
    };
    for (const storeKey of missing) this.#load(storeKey, one);
  }

  #load(storeKey: string, loaded: () => void): void {
    const queue = this.#loading.get(storeKey);
    if (queue !== undefined) {
      queue.push(loaded);
      return;
    }
    this.#loading.set(storeKey, [loaded]);
    this.#options.store.load(storeKey).then(
      (bytes) => {
        if (!this.#values.has(storeKey)) this.#take(storeKey, bytes);
        const callbacks = this.#loading.get(storeKey) ?? [];
        this.#loading.delete(storeKey);
        for (const callback of callbacks) callback();
      },
      (cause: unknown) => this.#options.failed(cause),
    );
  }

  #take(storeKey: string, bytes: Uint8Array | undefined): void {
    const found = bytes === undefined ? 'absent' : this.#options.codec.decode(bytes);
    this.#values.set(storeKey, found);
    if (found !== 'absent') this.#options.onLoaded(storeKey, found);
  }
}
