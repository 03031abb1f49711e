/**
 * The consistent-hash ring: which storage node owns a key (protocols.md 3.3). Every role computes
 * the same answer.
 */
import { assert, must, type Key, type Space, type StorageId } from '@stormglass/core';
import murmurhash from 'murmurhash';
import type { Ownership } from '../ports/ownership.ts';

/** Keys whose owner is remembered; asking again costs a hundredth of computing it. */
const REMEMBERED_KEYS_MAX = 10_000;
/** Points on the ring for each node; more points even out the shares. */
const POINTS_PER_NODE = 256;
const RING_SIZE = 2 ** 32;

interface Point {
  readonly position: number;
  readonly node: StorageId;
}

export class HashRing implements Ownership {
  readonly nodes: readonly StorageId[];
  readonly #points: readonly Point[];
  /** Of user keys. */
  readonly #owners = new Map<Key, StorageId>();

  constructor(nodes: readonly StorageId[]) {
    assert(nodes.length > 0, 'A hash ring needs at least one storage node');
    this.nodes = nodes;
    this.#points = nodes
      .flatMap((node) =>
        Array.from({ length: POINTS_PER_NODE }, (_, index) => ({
          position: murmurhash.v3(`${node}#${index}`),
          node,
        })),
      )
      .toSorted((a, b) => a.position - b.position || (a.node < b.node ? -1 : 1));
  }

  ownerOf(space: Space, key: Key): StorageId {
    if (space !== 'user') return this.#computeOwner(space, key);
    const known = this.#owners.get(key);
    if (known !== undefined) return known;
    if (this.#owners.size >= REMEMBERED_KEYS_MAX) this.#owners.clear();
    const owner = this.#computeOwner(space, key);
    this.#owners.set(key, owner);
    return owner;
  }

  #computeOwner(space: Space, key: Key): StorageId {
    const position = murmurhash.v3(`${space}:${key}`);
    let low = 0;
    let high = this.#points.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (must(this.#points[middle], 'inside the ring').position < position) low = middle + 1;
      else high = middle;
    }
    return must(this.#points[low % this.#points.length], 'inside the ring').node;
  }

  /** The share of the key space that `node` owns, 0 to 1. */
  shareOf(node: StorageId): number {
    let owned = 0;
    this.#points.forEach((point, index) => {
      if (point.node !== node) return;
      const previous = this.#points[index === 0 ? this.#points.length - 1 : index - 1];
      const from = must(previous, 'inside the ring').position;
      owned += (point.position - from + RING_SIZE) % RING_SIZE;
    });
    return this.nodes.length === 1 ? 1 : owned / RING_SIZE;
  }
}
