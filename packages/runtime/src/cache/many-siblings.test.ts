// A key that is put blindly again and again: each put is one more sibling, and must not cost more
// than those that are there already make it, each once.
import {
  isMismatch,
  joinCapsules,
  must,
  NO_DEPENDENCIES,
  registerOf,
  startSession,
  versionOf,
  type Capsule,
  type ConsistencyLevel,
  type VectorClock,
} from '@stormglass/core';
import { expect, test } from 'vitest';
import { entriesSet } from '../testkit/entries-set.ts';
import { RoleStage } from '../testkit/role-stage.ts';
import { Cache } from './cache.ts';

const KEY = 'hot';

class HotKey extends RoleStage {
  readonly #cache = new Cache({
    worker: 'w1',
    incarnation: 1,
    ports: this.ports,
    ring: { nodes: ['s1'], ownerOf: () => 's1' },
  });
  #invocations = 0;
  #replacements = 0;
  #stored: Capsule | undefined;

  /** One invocation that puts the key and reads nothing. */
  put(level: ConsistencyLevel): void {
    this.#invocations += 1;
    const invocation = `i${this.#invocations}`;
    this.#cache.receive({
      type: 'cache.write',
      request: this.#invocations,
      from: 'executor/w1/e1',
      executor: 'w1/e1',
      node: 'n',
      session: startSession({ invocation, attempt: 1, level }),
      trace: true,
      key: KEY,
      write: { operation: 'put', value: `${this.#invocations}` },
    });
    const [wrote] = this.take('cache.wrote');
    const made = must(wrote?.session.writes.get(KEY), 'the put was made');
    this.#cache.receive({
      type: 'cache.finish',
      invocation,
      attempt: 1,
      committed: [[KEY, made]],
      final: true,
      isUncertain: false,
      trace: false,
    });
    const stored = this.#stored === undefined ? made : joinCapsules(this.#stored, made);
    if (isMismatch(stored)) throw new Error('A put made something else than a register');
    this.#push(stored);
  }

  /** Somebody at another cache has read all of it and puts a new value. */
  replace(): void {
    this.#replacements += 1;
    const by = { writer: 'w2.1', counter: this.#replacements, timestamp: Number.MAX_SAFE_INTEGER };
    const context = this.version;
    this.#push(registerOf({ ...by, context, dependencies: NO_DEPENDENCIES, value: '0' }));
  }

  get version(): VectorClock {
    return versionOf(must(this.#stored, 'something was put'));
  }

  /** What the cache has already comes again, as storage has it, from another process. */
  #push(stored: Capsule): void {
    this.#stored = stored;
    const update = { type: 'cache.update', from: 'storage/s1', key: KEY } as const;
    this.#cache.receive({ ...update, capsule: structuredClone(stored) });
  }

  /** Storage has answered the question of the first put. */
  answer(): void {
    const [asked] = this.take('storage.get');
    this.#cache.receive({
      type: 'got',
      request: must(asked, 'storage was asked').request,
      from: 'storage/s1',
      space: 'user',
      key: KEY,
      found: must(this.#stored, 'something was put'),
    });
  }
}

/** What a put costs beside so many siblings, a sibling. */
function costPerSibling(level: ConsistencyLevel, siblings: number): number {
  const hot = new HotKey();
  hot.put(level);
  hot.answer();
  for (let put = 1; put < siblings; put += 1) hot.put(level);
  return entriesSet(() => hot.put(level)) / siblings;
}

test.each(['multi-key-causal', 'causal', 'causal-cut'] as const)(
  '[CACHE19] at %s a put beside six times as many siblings costs six times as much, not more',
  (level) => {
    expect(costPerSibling(level, 300)).toBeLessThanOrEqual(1.5 * costPerSibling(level, 50));
  },
);

test.each(['single-key-causal', 'multi-key-causal', 'causal', 'causal-cut'] as const)(
  '[CACHE8] at %s the clock of a key that is put blindly grows no more once its siblings were replaced',
  (level) => {
    const hot = new HotKey();
    hot.put(level);
    hot.answer();
    for (let round = 1; round <= 5; round += 1) {
      for (let put = 1; put <= 20; put += 1) hot.put(level);
      hot.replace();
    }
    // A writer each for the siblings there have been at once, and one for who replaced them.
    expect(hot.version.size).toBe(21 + 1);
  },
);
