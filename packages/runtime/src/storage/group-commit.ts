/**
 * Joined capsules on their way to the store: everything that arrives while a save is under way goes
 * into the next one. A value is served and pushed only once it is durable, so nobody depends on a
 * write that a crash could take back.
 */
import type { Capsule } from '@stormglass/core';
import type { Codec } from '../ports/codec.ts';
import type { Store, StoreEntry } from '../ports/store.ts';

interface Batch {
  readonly capsules: Map<string, Capsule>;
  readonly records: StoreEntry[];
  readonly callbacks: (() => void)[];
}

const emptyBatch = (): Batch => ({ capsules: new Map(), records: [], callbacks: [] });

export class GroupCommit {
  readonly #store: Store;
  readonly #codec: Codec<Capsule>;
  readonly #promote: (capsules: ReadonlyMap<string, Capsule>) => void;
  readonly #failed: (cause: unknown) => void;
  #waiting = emptyBatch();
  #saving: Batch | undefined;

  constructor(options: {
    readonly store: Store;
    readonly codec: Codec<Capsule>;
    /** Runs when a batch is durable, before the callbacks of its saves. */
    readonly promote: (capsules: ReadonlyMap<string, Capsule>) => void;
    /** The store refused: nothing of the batch may be acknowledged. */
    readonly failed: (cause: unknown) => void;
  }) {
    this.#store = options.store;
    this.#codec = options.codec;
    this.#promote = options.promote;
    this.#failed = options.failed;
  }

  /** The newest joined capsule that is not durable yet. */
  pending(storeKey: string): Capsule | undefined {
    return this.#waiting.capsules.get(storeKey) ?? this.#saving?.capsules.get(storeKey);
  }

  /** Saves all of it in one atomic batch; `durable` runs when the store has it. */
  save(
    capsules: readonly (readonly [string, Capsule])[],
    records: readonly StoreEntry[],
    durable: () => void,
  ): void {
    for (const [storeKey, capsule] of capsules) this.#waiting.capsules.set(storeKey, capsule);
    this.#waiting.records.push(...records);
    this.#waiting.callbacks.push(durable);
    if (this.#saving === undefined) this.#next();
  }

  #next(): void {
    const batch = this.#waiting;
    this.#waiting = emptyBatch();
    this.#saving = batch;
    const entries = [...batch.capsules].map(([key, capsule]) => ({
      key,
      bytes: this.#codec.encode(capsule),
    }));
    this.#store.save([...entries, ...batch.records]).then(
      () => {
        this.#saving = undefined;
        this.#promote(batch.capsules);
        for (const durable of batch.callbacks) durable();
        if (this.#saving === undefined && this.#waiting.callbacks.length > 0) this.#next();
      },
      (cause: unknown) => this.#failed(cause),
    );
  }
}
