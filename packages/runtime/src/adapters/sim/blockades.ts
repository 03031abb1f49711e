/**
 * Links between machines, each in one direction, that keep or lose what is sent over them. Several
 * may block a link at a time, each by a name of its own.
 */
import { assert } from '@stormglass/core';

interface Blockade<Delivery> {
  readonly holders: Set<string>;
  readonly losers: Set<string>;
  readonly waiting: Delivery[];
}

const linkOf = (from: string, to: string): string => `${from}\n${to}`;

export class Blockades<Delivery> {
  readonly #blockades = new Map<string, Blockade<Delivery>>();
  readonly #release: (waiting: readonly Delivery[]) => void;

  /** @param release what waited goes on its way, in order */
  constructor(release: (waiting: readonly Delivery[]) => void) {
    this.#release = release;
  }

  block(
    from: string,
    to: string,
    { by, manner }: { readonly by: string; readonly manner: 'hold' | 'lose' },
  ): void {
    const link = linkOf(from, to);
    const blockade = this.#blockades.get(link) ?? {
      holders: new Set(),
      losers: new Set(),
      waiting: [],
    };
    const others = manner === 'hold' ? blockade.holders : blockade.losers;
    assert(!others.has(by), `${by} has a fault on the link from ${from} to ${to} already`);
    others.add(by);
    this.#blockades.set(link, blockade);
  }

  heal(from: string, to: string, by: string): void {
    const link = linkOf(from, to);
    const blockade = this.#blockades.get(link);
    if (blockade === undefined) return;
    blockade.holders.delete(by);
    blockade.losers.delete(by);
    this.#endIfOver(link, blockade);
  }

  healAll(): void {
    for (const [link, blockade] of this.#blockades) {
      blockade.holders.clear();
      blockade.losers.clear();
      this.#endIfOver(link, blockade);
    }
  }

  loses(from: string, to: string): boolean {
    if (this.#blockades.size === 0) return false;
    return (this.#blockades.get(linkOf(from, to))?.losers.size ?? 0) > 0;
  }

  /** Whether the link is held; the delivery then waits. */
  keeps(from: string, to: string, delivery: Delivery): boolean {
    if (this.#blockades.size === 0) return false;
    const blockade = this.#blockades.get(linkOf(from, to));
    if (blockade === undefined || blockade.holders.size === 0) return false;
    blockade.waiting.push(delivery);
    return true;
  }

  #endIfOver(link: string, { holders, losers, waiting }: Blockade<Delivery>): void {
    if (holders.size > 0) return;
    if (losers.size === 0) this.#blockades.delete(link);
    this.#release(waiting.splice(0));
  }
}
