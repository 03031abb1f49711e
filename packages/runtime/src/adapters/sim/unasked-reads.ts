/**
 * Reads that user code got an answer to although no cache was asked: something between the two
 * answered. They count as reads, by the value alone.
 */
import type { Operation, ReadOperation } from '@stormglass/checker';
import {
  parseCallAddress,
  type EncodedValue,
  type Key,
  type RegisterWrite,
} from '@stormglass/core';
import type { AtBorder, GotEntry, SeenEntry, WroteEntry } from './history.ts';

type PlacedRead = readonly [place: AtBorder, read: Operation];

export class UnaskedReads {
  /** How a write is named in the record, by the value that it wrote. */
  readonly #nameOf: (write: RegisterWrite) => string;
  readonly #names = new Map<EncodedValue, string>();
  /** Answers of caches that user code has not been seen to get. */
  readonly #answered = new Map<string, number>();

  constructor(nameOf: (write: RegisterWrite) => string) {
    this.#nameOf = nameOf;
  }

  onEntry(entry: GotEntry | SeenEntry | WroteEntry): readonly PlacedRead[] {
    if (entry.kind === 'seen') return this.#onSeen(entry);
    if (entry.kind === 'got') this.#count(entry, entry.key, 1);
    if (entry.capsule !== 'absent' && entry.capsule.kind === 'register') {
      for (const write of entry.capsule.writes) {
        if (write.value !== null) this.#names.set(write.value, this.#nameOf(write));
      }
    }
    return [];
  }

  #onSeen({ atUs, call, operation, keys, values }: SeenEntry): readonly PlacedRead[] {
    const place = parseCallAddress(call);
    if (operation !== 'get' || place === undefined) return [];
    const { invocation, attempt, node } = place;
    const at = { atUs, invocation, attempt, node };
    return keys.flatMap((key, index): readonly PlacedRead[] =>
      this.#count(at, key, -1)
        ? []
        : [[at, { ...this.#readOf(atUs, key, values[index]), isTogether: index > 0 }]],
    );
  }

  /** False when there was nothing to take away from. */
  #count({ invocation, attempt, node }: AtBorder, key: Key, by: 1 | -1): boolean {
    const id = JSON.stringify([invocation, attempt, node, key]);
    const count = (this.#answered.get(id) ?? 0) + by;
    if (count < 0) return false;
    this.#answered.set(id, count);
    return true;
  }

  #readOf(atUs: number, key: Key, value: EncodedValue | undefined): ReadOperation {
    const read = { kind: 'read', atUs, key, isPick: true } as const;
    if (value === undefined) return { ...read, values: [] };
    const name = this.#names.get(value);
    return name === undefined ? { ...read, state: Number(value) } : { ...read, values: [name] };
  }
}
