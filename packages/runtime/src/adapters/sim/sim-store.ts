/**
 * The Store port on a simulated disk. A save is on the disk only when its promise resolves; a crash
 * in between leaves the disk as before or as after that save, never in the middle, and later saves
 * never overtake earlier ones.
 */
import type { Random } from '../../ports/random.ts';
import type { Store, StoreEntry } from '../../ports/store.ts';
import { drawChance, drawInteger, type Range } from './draws.ts';
import type { EventQueue } from './event-queue.ts';
import type { SimLife } from './sim-life.ts';

/** What survives a crash. */
export class SimDisk {
  readonly entries = new Map<string, Uint8Array>();
  /** What every load and save takes longer than usual, while the disk is slow. */
  extraUs: Range | undefined;
}

export interface SimStoreOptions {
  readonly queue: EventQueue;
  readonly random: Random;
  readonly life: SimLife;
  readonly disk: SimDisk;
  readonly delayUs: Range;
}

type Change = { readonly save: readonly StoreEntry[] } | { readonly remove: readonly string[] };

export class SimStore implements Store {
  readonly #options: SimStoreOptions;
  /** Changes under way, oldest first. */
  readonly #unsynced: Change[] = [];
  #syncedUntilUs = 0;

  constructor(options: SimStoreOptions) {
    this.#options = options;
  }

  load(key: string): Promise<Uint8Array | undefined> {
    return this.#read(() => this.#options.disk.entries.get(key)?.slice());
  }

  scan(range: {
    readonly prefix: string;
    readonly after?: string | undefined;
    readonly limit: number;
  }): Promise<readonly StoreEntry[]> {
    return this.#read(() =>
      [...this.#options.disk.entries.keys()]
        .filter(
          (key) => key.startsWith(range.prefix) && (range.after === undefined || key > range.after),
        )
        .toSorted()
        .slice(0, range.limit)
        .map((key) => ({
          key,
          bytes: this.#options.disk.entries.get(key)?.slice() ?? new Uint8Array(),
        })),
    );
  }

  save(entries: readonly StoreEntry[]): Promise<void> {
    return this.#change({ save: entries.map(({ key, bytes }) => ({ key, bytes: bytes.slice() })) });
  }

  remove(keys: readonly string[]): Promise<void> {
    return this.#change({ remove: [...keys] });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /**
   * The process died: some of the changes under way, oldest first, reached the disk all the same.
   * Returns how many did not.
   */
  crash(): number {
    while (this.#unsynced.length > 0 && drawChance(this.#options.random, 0.5)) this.#applyOldest();
    const lost = this.#unsynced.length;
    this.#unsynced.length = 0;
    return lost;
  }

  #read<T>(read: () => T): Promise<T> {
    const { queue, life } = this.#options;
    return new Promise((resolve) => {
      queue.after(this.#delayUs(), () =>
        life.run(queue, () => {
          queue.notePromise();
          resolve(read());
        }),
      );
    });
  }

  #change(change: Change): Promise<void> {
    const { queue, life } = this.#options;
    this.#unsynced.push(change);
    this.#syncedUntilUs = Math.max(this.#syncedUntilUs, queue.nowUs) + this.#delayUs();
    return new Promise((resolve) => {
      queue.at(this.#syncedUntilUs, () => {
        if (!life.isAlive) return;
        this.#applyOldest();
        life.run(queue, () => {
          queue.notePromise();
          resolve();
        });
      });
    });
  }

  #delayUs(): number {
    const { random, delayUs, disk } = this.#options;
    const { extraUs } = disk;
    return (
      drawInteger(random, delayUs) + (extraUs === undefined ? 0 : drawInteger(random, extraUs))
    );
  }

  #applyOldest(): void {
    const change = this.#unsynced.shift();
    if (change === undefined) return;
    const { entries } = this.#options.disk;
    if ('save' in change) for (const { key, bytes } of change.save) entries.set(key, bytes);
    else for (const key of change.remove) entries.delete(key);
  }
}
