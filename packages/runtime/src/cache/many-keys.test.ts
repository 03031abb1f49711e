// Sessions that read or write very many keys: what a step costs must not grow with all that the
// session has done before.
import { must, startSession, toVersionVector, versionOf } from '@stormglass/core';
import type { Capsule, ConsistencyLevel, Key, Session } from '@stormglass/core';
import { expect, test } from 'vitest';
import { DEPENDENCIES_TOLD_MAX, REGISTRATION_PACE } from '../limits.ts';
import { entriesSet } from '../testkit/entries-set.ts';
import { RoleStage } from '../testkit/role-stage.ts';
import { Cache } from './cache.ts';

/** A cache that knows what one session has put. */
class ManyKeys extends RoleStage {
  readonly #cache = new Cache({
    worker: 'w1',
    incarnation: 1,
    ports: this.ports,
    ring: { nodes: ['s1'], ownerOf: () => 's1' },
  });
  #session: Session;
  #requests = 0;

  constructor(level: ConsistencyLevel, count: number) {
    super();
    this.#session = startSession({ invocation: 'writer', attempt: 1, level });
    for (let index = 0; index < count; index += 1) this.#put(`k${index}`);
    this.#cache.receive({
      type: 'cache.finish',
      invocation: 'writer',
      attempt: 1,
      committed: [...this.written],
      final: true,
      isUncertain: false,
      trace: false,
    });
    for (const { key, request } of this.take('storage.get')) {
      const got = { type: 'got', request, from: 'storage/s1', space: 'user', key } as const;
      this.#cache.receive({ ...got, found: must(this.written.get(key), key), registration: 1 });
    }
  }

  get written(): ReadonlyMap<Key, Capsule> {
    return this.#session.writes;
  }

  #asked(session: Session) {
    this.#requests += 1;
    const by = { from: 'executor/w1/e1', executor: 'w1/e1', node: 'n', trace: true } as const;
    return { request: this.#requests, session, ...by };
  }

  #put(key: Key): void {
    const write = { operation: 'put', value: '1' } as const;
    this.#cache.receive({ type: 'cache.write', ...this.#asked(this.#session), key, write });
    this.#session = must(this.take('cache.wrote')[0], 'it was put').session;
  }

  /** All of them in one request, which answers with the session. */
  getAll(level: ConsistencyLevel, begun?: Session): Session {
    const session = begun ?? startSession({ invocation: 'reader', attempt: 1, level });
    const keys = [...this.written.keys()];
    this.#cache.receive({ type: 'cache.get', ...this.#asked(session), keys });
    return must(this.take('cache.got')[0], 'it was read').session;
  }

  /** Storage tells that every place covers all of it. */
  forgetAll(): void {
    this.advance(REGISTRATION_PACE.intervalMs);
    this.#cache.receive({
      type: 'cache.registered',
      from: 'storage/s1',
      registration: 1,
      round: must(this.take('storage.register')[0], 'what is held was told').round,
      isRenewed: true,
      newer: [],
      stable: new Map([...this.written].map(([key, capsule]) => [key, versionOf(capsule)])),
    });
  }
}

const costOfGet = (level: ConsistencyLevel, count: number): number => {
  // At this level writes of different keys do not depend on each other.
  const many = new ManyKeys('single-key-causal', count);
  return entriesSet(() => many.getAll(level)) / count;
};

test.each(['repeatable-read', 'single-key-causal', 'causal', 'causal-cut'] as const)(
  '[CACHE25] at %s a get of six times as many keys costs six times as much, not more',
  (level) => {
    expect(costOfGet(level, 300)).toBeLessThanOrEqual(1.5 * costOfGet(level, 50));
  },
);

test('[CACHE25] a get of many keys records each of them, in no session but its own', () => {
  const many = new ManyKeys('causal', 20);
  const begun = startSession({ invocation: 'reader', attempt: 1, level: 'causal' });
  const { reads, past } = many.getAll('causal', begun);
  const versions = [...many.written].map(([key, capsule]) => [
    key,
    toVersionVector(versionOf(capsule)),
  ]);
  expect([...reads].map(([key, { version }]) => [key, toVersionVector(version)])).toEqual(versions);
  expect([...past.keys()].toSorted()).toEqual([...reads.keys()].toSorted());
  expect([begun.reads.size, begun.past.size]).toEqual([0, 0]);
});

/** Of versions that each depend on all before it, an entry. */
const costOfForgetting = (count: number): number => {
  const many = new ManyKeys('causal', count);
  return entriesSet(() => many.forgetAll()) / count ** 2;
};

test('[CACHE25] dependencies of many versions are forgotten with one look at each version', () => {
  expect(costOfForgetting(120)).toBeLessThanOrEqual(1.5 * costOfForgetting(40));
});

test('[CACHE25] the event of a write tells of very many dependencies the last, and their number', () => {
  const { told } = new ManyKeys('causal', DEPENDENCIES_TOLD_MAX + 3);
  const writes = told.filter((event) => event.kind === 'cache.write');
  const [whole, cut] = [writes.at(-3), writes.at(-1)];
  expect(whole?.dependencyCount).toBeUndefined();
  expect(Object.keys(whole?.dependencies ?? {})).toHaveLength(DEPENDENCIES_TOLD_MAX);
  expect(cut?.dependencyCount).toBe(DEPENDENCIES_TOLD_MAX + 2);
  expect(Object.keys(cut?.dependencies ?? {})).toHaveLength(DEPENDENCIES_TOLD_MAX);
  expect(cut?.dependencies).toHaveProperty(`k${DEPENDENCIES_TOLD_MAX + 1}`);
  expect(cut?.dependencies).not.toHaveProperty('k1');
});
