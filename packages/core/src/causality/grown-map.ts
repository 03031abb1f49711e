/**
 * A large Map that shares its entries with the one it grew from: what a session knows after each of
 * thousands of steps takes the memory of what it knows in the end, and each step the time of what it
 * adds.
 *
 * All that grew from one another are views of one store, numbered in the order they were made; an
 * entry is seen by the view that added it and by later ones. Only the newest view can grow in the
 * store, so growing an older one copies it.
 */
import { assert } from '../assert.ts';

interface Cell<V> {
  /** The number of the view that set it. */
  readonly since: number;
  value: V;
  /** What earlier views see. */
  readonly older: Cell<V> | undefined;
}

interface SharedStore<K, V> {
  readonly cells: Map<K, Cell<V>>;
  newest: number;
  /** All of them, also those that no view of today sees. */
  cellsMade: number;
}

/** More cells than this for each entry, and the next one starts anew, without those of the past. */
const CELLS_PER_ENTRY_MAX = 2;

/** It only grows: nothing is taken out of it. */
export class GrownMap<K, V> extends Map<K, V> {
  readonly #store: SharedStore<K, V>;
  readonly #number: number;
  #size: number;

  /** With the entries of `from`, which must not change any more. */
  constructor(from: ReadonlyMap<K, V>) {
    super();
    const grown = from instanceof GrownMap ? from : undefined;
    const store = grown?.sharedStore();
    if (store !== undefined) {
      store.newest += 1;
      this.#store = store;
    } else {
      const cells = new Map<K, Cell<V>>();
      for (const [key, value] of from) cells.set(key, { since: 0, value, older: undefined });
      this.#store = { cells, newest: 0, cellsMade: cells.size };
    }
    this.#number = this.#store.newest;
    this.#size = from.size;
  }

  override get size(): number {
    return this.#size;
  }

  override get(key: K): V | undefined {
    return this.#seen(this.#store.cells.get(key))?.value;
  }

  override has(key: K): boolean {
    return this.#seen(this.#store.cells.get(key)) !== undefined;
  }

  /** Only before another one has grown from this one. */
  override set(key: K, value: V): this {
    const { cells, newest } = this.#store;
    assert(newest === this.#number, 'A map that another one has grown from does not change');
    const cell = cells.get(key);
    if (cell === undefined) this.#size += 1;
    if (cell?.since === newest) cell.value = value;
    else {
      this.#store.cellsMade += 1;
      cells.set(key, { since: newest, value, older: cell });
    }
    return this;
  }

  override delete(): never {
    throw new Error('A map that shares its entries only grows');
  }

  override clear(): never {
    throw new Error('A map that shares its entries only grows');
  }

  override *entries(): Generator<[K, V], undefined> {
    for (const [key, newest] of this.#store.cells) {
      const cell = this.#seen(newest);
      if (cell !== undefined) yield [key, cell.value];
    }
    return undefined;
  }

  override *keys(): Generator<K, undefined> {
    for (const [key] of this.entries()) yield key;
    return undefined;
  }

  override *values(): Generator<V, undefined> {
    for (const [, value] of this.entries()) yield value;
    return undefined;
  }

  override [Symbol.iterator](): Generator<[K, V], undefined> {
    return this.entries();
  }

  override forEach(callback: (value: V, key: K, map: Map<K, V>) => void): void {
    for (const [key, value] of this) callback(value, key, this);
  }

  /** `undefined` where a later view has it, or where it is mostly of the past. */
  sharedStore(): SharedStore<K, V> | undefined {
    const { newest, cellsMade } = this.#store;
    const isMine = newest === this.#number && cellsMade <= CELLS_PER_ENTRY_MAX * this.#size;
    return isMine ? this.#store : undefined;
  }

  #seen(newest: Cell<V> | undefined): Cell<V> | undefined {
    let cell = newest;
    while (cell !== undefined && cell.since > this.#number) cell = cell.older;
    return cell;
  }
}

// Encoders know a Map by its constructor.
Object.defineProperty(GrownMap.prototype, 'constructor', { value: Map });
