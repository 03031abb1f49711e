/**
 * Numbers that are never given twice to one name, over all starts of the cluster: writer ids are
 * made of them, so no dot is ever used again (protocols.md decision 7).
 */
import type { Store } from '@stormglass/runtime';

export class Incarnations {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Durable before it resolves. */
  async next(name: string): Promise<number> {
    const key = `incarnation/${name}`;
    const bytes = await this.#store.load(key);
    const last = bytes === undefined ? 0 : Number(new TextDecoder().decode(bytes));
    const next = last + 1;
    await this.#store.save([{ key, bytes: new TextEncoder().encode(String(next)) }]);
    return next;
  }
}
