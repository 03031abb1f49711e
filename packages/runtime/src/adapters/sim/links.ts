/**
 * What the simulated network remembers of each link, from one address to another in one direction.
 */
import type { Random } from '../../ports/random.ts';
import type { Address } from '../../ports/transport.ts';
import { drawChance } from './draws.ts';

/** All links from one machine to another. */
export interface MachinePair {
  /** When the last message under way arrives. */
  quietAtUs: number;
  /** Messages that are under way, or wait until the recipient's pause is over. */
  underWay: number;
}

export class Link {
  readonly pair: MachinePair;
  /** When the last message arrives that no other may overtake. */
  arrivedUntilUs = 0;
  readonly #name: string;
  readonly #random: Random;
  readonly #draws = new Map<string, Random>();

  constructor(name: string, random: Random, pair: MachinePair) {
    this.#name = name;
    this.#random = random;
    this.pair = pair;
  }

  /** By what is drawn, so that one fault more or less does not move the others. */
  drawsOf(what: string): Random {
    const known = this.#draws.get(what);
    if (known !== undefined) return known;
    const random = this.#random.fork(`${what} ${this.#name}`);
    this.#draws.set(what, random);
    return random;
  }

  /** Whether this happens to a message; such a share of them. */
  happens(what: string, share: number): boolean {
    return share > 0 && drawChance(this.drawsOf(what), share);
  }
}

export class Links {
  readonly #random: Random;
  readonly #links = new Map<Address, Map<Address, Link>>();
  readonly #pairs = new Map<string, Map<string, MachinePair>>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** Each address stays on its machine. */
  linkOf(
    from: { readonly address: Address; readonly machine: string },
    to: { readonly address: Address; readonly machine: string },
  ): Link {
    const links = inner(this.#links, from.address);
    const known = links.get(to.address);
    if (known !== undefined) return known;
    const name = `${from.address}\n${to.address}`;
    const link = new Link(name, this.#random, this.pairOf(from.machine, to.machine));
    links.set(to.address, link);
    return link;
  }

  pairOf(fromMachine: string, toMachine: string): MachinePair {
    const pairs = inner(this.#pairs, fromMachine);
    const pair = pairs.get(toMachine) ?? { quietAtUs: 0, underWay: 0 };
    pairs.set(toMachine, pair);
    return pair;
  }
}

function inner<Key, Value>(outer: Map<Key, Map<Key, Value>>, key: Key): Map<Key, Value> {
  const known = outer.get(key);
  if (known !== undefined) return known;
  const made = new Map<Key, Value>();
  outer.set(key, made);
  return made;
}
