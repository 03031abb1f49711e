/**
 * The answers that this storage node keeps for requests with a key of the client. Bounded by time,
 * number and bytes; the oldest go first. What is kept is always on the disk, this is its index.
 */
import type { AnswerRecord, KeptAnswer } from '@stormglass/core';
import { ANSWER_BYTES_MAX, ANSWER_LIFE_MS, ANSWERS_MAX } from '../limits.ts';
import type { Clock } from '../ports/clock.ts';
import type { Codec } from '../ports/codec.ts';
import type { Store, StoreEntry } from '../ports/store.ts';

import { ANSWER_PREFIX } from './store-key.ts';

interface Line {
  readonly keptAtMs: number;
  readonly bytes: number;
}

/** A kept answer on its way to the disk. */
export interface AnswerEntry {
  readonly key: string;
  readonly entry: StoreEntry;
  readonly keptAtMs: number;
}

export interface AnswerBookOptions {
  readonly store: Store;
  readonly codec: Codec<AnswerRecord>;
  readonly clock: Clock;
  readonly failed: (cause: unknown) => void;
}

export class AnswerBook {
  readonly #options: AnswerBookOptions;
  /** By the client's key, oldest first. */
  readonly #lines = new Map<string, Line>();
  #bytes = 0;

  constructor(options: AnswerBookOptions) {
    this.#options = options;
  }

  /** Reads what an earlier run has kept. */
  async load(): Promise<void> {
    const { store, codec } = this.#options;
    const range = { prefix: ANSWER_PREFIX, limit: Number.MAX_SAFE_INTEGER };
    const lines = (await store.scan(range)).map(({ key, bytes }) => ({
      key: key.slice(ANSWER_PREFIX.length),
      bytes: bytes.length,
      keptAtMs: codec.decode(bytes).keptAtMs,
    }));
    for (const { key, ...line } of lines.toSorted((a, b) => a.keptAtMs - b.keptAtMs)) {
      this.#add(key, line);
    }
  }

  /** `then` may run before this returns. */
  find(key: string, then: (found: KeptAnswer | undefined) => void): void {
    const line = this.#lines.get(key);
    if (line === undefined || this.#isOver(line)) {
      then(undefined);
      return;
    }
    const { store, codec, failed } = this.#options;
    store.load(`${ANSWER_PREFIX}${key}`).then((bytes) => {
      if (bytes === undefined) then(undefined);
      else {
        const { identity, answer } = codec.decode(bytes);
        then({ identity, answer });
      }
    }, failed);
  }

  /** What to save, together with what the invocation wrote. */
  entryOf({ identity, answer }: KeptAnswer): AnswerEntry {
    const { codec, clock } = this.#options;
    const keptAtMs = clock.wallMs();
    const bytes = codec.encode({ identity, answer, keptAtMs });
    return {
      key: identity.key,
      entry: { key: `${ANSWER_PREFIX}${identity.key}`, bytes },
      keptAtMs,
    };
  }

  /** It is durable now. What that pushes out is removed. */
  kept({ key, entry, keptAtMs }: AnswerEntry): void {
    const before = this.#lines.get(key);
    if (before !== undefined) this.#remove(key, before);
    this.#add(key, { keptAtMs, bytes: entry.bytes.length });
    const gone: string[] = [];
    for (const [oldest, line] of this.#lines) {
      const isTooMuch = this.#lines.size > ANSWERS_MAX || this.#bytes > ANSWER_BYTES_MAX;
      if (oldest === key || (!isTooMuch && !this.#isOver(line))) break;
      this.#remove(oldest, line);
      gone.push(`${ANSWER_PREFIX}${oldest}`);
    }
    if (gone.length > 0) this.#options.store.remove(gone).catch(this.#options.failed);
  }

  #isOver({ keptAtMs }: Line): boolean {
    return this.#options.clock.wallMs() - keptAtMs > ANSWER_LIFE_MS;
  }

  #add(key: string, line: Line): void {
    this.#lines.set(key, line);
    this.#bytes += line.bytes;
  }

  #remove(key: string, line: Line): void {
    this.#lines.delete(key);
    this.#bytes -= line.bytes;
  }
}
