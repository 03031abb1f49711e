// What a cache tells storage of what it holds, and what it stops serving when it cannot.
import {
  clockOf,
  dependenciesOf,
  EMPTY_CLOCK,
  registerOf,
  startSession,
  valueOf,
  type Capsule,
  type ConsistencyLevel,
  type Dependencies,
  type MessageOf,
  type Session,
  type VectorClock,
} from '@stormglass/core';
import { expect, test } from 'vitest';
import { ATTEMPT_LEASE_MS, LEASE_SWEEP_MS } from '../limits.ts';
import { RoleStage } from '../testkit/role-stage.ts';
import { Cache } from './cache.ts';

const ring = { nodes: ['s1'], ownerOf: () => 's1' };
const PACE = { intervalMs: 1_000, leaseMs: 40_000 };
const BELIEVED_MS = 30_000;

const causal = (
  value: string,
  dot: readonly [string, number],
  more: { context?: VectorClock; dependencies?: Dependencies } = {},
): Capsule =>
  registerOf({
    writer: dot[0],
    counter: dot[1],
    timestamp: dot[1],
    context: more.context ?? EMPTY_CLOCK,
    dependencies: more.dependencies ?? new Map(),
    value,
  });

const [ONE, TWO] = [clockOf([['w', 1]]), clockOf([['w', 2]])];
const [first, second] = [causal('1', ['w', 1]), causal('2', ['w', 2], { context: ONE })];

class RegisteringCache extends RoleStage {
  readonly cache: Cache;
  #request = 0;

  constructor(bytesMax?: number) {
    super();
    this.cache = new Cache({
      worker: 'w1',
      incarnation: 1,
      ports: this.ports,
      ring,
      bytesMax,
      pace: PACE,
    });
  }

  get(key: string, level: ConsistencyLevel, session?: Session): void {
    this.#request += 1;
    this.cache.receive({
      type: 'cache.get',
      request: this.#request,
      from: 'executor/w1/e1',
      executor: 'w1/e1',
      node: 'n',
      session: session ?? startSession({ invocation: `i${this.#request}`, attempt: 1, level }),
      trace: false,
      keys: [key],
    });
  }

  store(key: string, found: Capsule, registration = 1): number {
    const all = this.take('storage.get');
    const asked = all.filter((message) => message.key === key);
    for (const message of all) {
      if (message.key !== key) this.sent.push({ to: 'storage/s1', message });
    }
    for (const { request } of asked) {
      const got = { type: 'got', request, from: 'storage/s1', space: 'user', key } as const;
      this.cache.receive({ ...got, found, registration });
    }
    return asked.length;
  }

  got(): (string | undefined)[] {
    return this.take('cache.got').flatMap(({ found }) =>
      found.map((capsule) => (capsule === 'absent' ? undefined : valueOf(capsule))),
    );
  }

  registered(more: Partial<MessageOf<'cache.registered'>> = {}): MessageOf<'storage.register'>[] {
    const told = this.take('storage.register');
    this.answer(told, more);
    return told;
  }

  answer(
    told: readonly MessageOf<'storage.register'>[],
    more: Partial<MessageOf<'cache.registered'>> = {},
  ): void {
    for (const { round } of told) {
      this.cache.receive({
        type: 'cache.registered',
        from: 'storage/s1',
        registration: 1,
        round,
        isRenewed: true,
        newer: [],
        stable: new Map(),
        ...more,
      });
    }
  }

  push(key: string, capsule: Capsule): void {
    this.cache.receive({ type: 'cache.update', from: 'storage/s1', key, capsule });
  }
}

test('[CACHE13] what is held is told within an interval, and again when it has changed', () => {
  const stage = new RegisteringCache();
  stage.get('k', 'causal');
  stage.store('k', first);
  stage.advance(PACE.intervalMs);
  expect(stage.registered()[0]?.entries).toEqual([{ key: 'k', version: ONE }]);
  stage.advance(PACE.intervalMs);
  expect(stage.registered()).toEqual([]);
  stage.push('k', second);
  stage.advance(PACE.intervalMs);
  // What the read above has pinned is the floor.
  expect(stage.registered()[0]?.entries).toEqual([
    { key: 'k', version: second && clockOf([...TWO]), floor: ONE },
  ]);
});

test('[CACHE13] a pin lowers the floor until its attempt ends', () => {
  const stage = new RegisteringCache();
  const session = startSession({ invocation: 'i', attempt: 1, level: 'repeatable-read' });
  stage.get('k', 'repeatable-read', session);
  stage.store('k', first);
  stage.push('k', second);
  stage.advance(PACE.intervalMs);
  expect(stage.registered()[0]?.entries).toMatchObject([{ key: 'k', floor: ONE }]);
  stage.cache.receive({
    type: 'cache.finish',
    invocation: 'i',
    attempt: 1,
    final: true,
    committed: [],
    isUncertain: false,
    trace: false,
  });
  stage.advance(PACE.intervalMs);
  expect(stage.registered()[0]?.entries).toEqual([{ key: 'k', version: TWO }]);
});

test('[CACHE14] when the lease has run out only lww and repeatable-read are served without storage', () => {
  const stage = new RegisteringCache();
  stage.get('k', 'lww');
  stage.store('k', first);
  stage.advance(BELIEVED_MS);
  for (const level of ['lww', 'repeatable-read'] as const) stage.get('k', level);
  expect(stage.got()).toEqual(['1', '1', '1']);
  for (const level of ['single-key-causal', 'multi-key-causal', 'causal', 'causal-cut'] as const) {
    stage.get('k', level);
  }
  expect(stage.got()).toEqual([]);
  expect(stage.store('k', second)).toBe(1);
  expect(stage.got()).toEqual(['2', '2', '2', '2']);
});

test('[CACHE14] registering again brings what was missed, and the cut is served again', () => {
  const stage = new RegisteringCache();
  stage.get('k', 'lww');
  stage.store('k', first);
  stage.advance(BELIEVED_MS);
  stage.get('x', 'lww');
  stage.take('storage.register');
  stage.advance(PACE.leaseMs);
  stage.registered({ registration: 2, isRenewed: false });
  stage.advance(0);
  stage.advance(PACE.intervalMs);
  expect(stage.registered({ registration: 2, newer: [['k', second]] })).toMatchObject([
    { registration: 2, entries: [{ key: 'k', version: ONE }] },
  ]);
  stage.got();
  stage.get('k', 'causal');
  expect(stage.got()).toEqual(['2']);
});

test('[CACHE14] an answer that took longer than a lease is not taken', () => {
  const stage = new RegisteringCache();
  stage.get('k', 'lww');
  const [asked] = stage.take('storage.get');
  const got = {
    type: 'got',
    from: 'storage/s1',
    space: 'user',
    key: 'k',
    registration: 1,
  } as const;
  stage.advance(BELIEVED_MS);
  stage.cache.receive({ ...got, request: asked!.request, found: first });
  expect(stage.cache.statistics().keys).toBe(0);
});

test('[CACHE15] dependencies that every place covers are forgotten in the cache and in writes (X1)', () => {
  const stage = new RegisteringCache();
  stage.get('a', 'causal');
  stage.store('a', first);
  stage.get('b', 'causal');
  stage.store('b', causal('b', ['v', 1], { dependencies: new Map([['a', ONE]]) }));
  const [, read] = stage.take('cache.got');
  stage.advance(PACE.intervalMs);
  stage.registered({ stable: new Map([['a', ONE]]) });
  stage.cache.receive({
    type: 'cache.write',
    request: 9,
    from: 'executor/w1/e1',
    executor: 'w1/e1',
    node: 'n',
    session: read!.session,
    trace: false,
    key: 'c',
    write: { operation: 'put', value: '1' },
  });
  const [wrote] = stage.take('cache.wrote');
  expect([...dependenciesOf(wrote!.session.writes.get('c')!).keys()]).toEqual(['b']);
  // Nothing in the cache depends on it any more, so it can be evicted alone.
  stage.cache.evict('a');
  expect(stage.cache.statistics().keys).toBe(1);
});

test('[CACHE7] pins are asked about after a lease, kept while renewed, gone when nobody answers (T11)', () => {
  const stage = new RegisteringCache();
  stage.get('k', 'repeatable-read');
  stage.store('k', first);
  const before = stage.cache.statistics().bytes;
  stage.push('k', second);
  expect(stage.cache.statistics().bytes).toBeGreaterThan(before);
  const lease = (): void => {
    for (let ms = 0; ms < ATTEMPT_LEASE_MS + LEASE_SWEEP_MS; ms += LEASE_SWEEP_MS) {
      stage.advance(LEASE_SWEEP_MS);
      stage.registered();
    }
  };
  lease();
  const [asked] = stage.take('scheduler.attempts');
  expect(asked?.attempts).toEqual([{ invocation: 'i1', attempt: 1 }]);
  stage.cache.receive({ type: 'cache.renew', attempts: asked!.attempts });
  lease();
  expect(stage.take('scheduler.attempts')).toHaveLength(1);
  expect(stage.cache.statistics().pinned).toBe(1);
  lease();
  expect(stage.cache.statistics().pinned).toBe(0);
});

test('[CACHE16] a key that is evicted while storage is asked is asked for again', () => {
  const stage = new RegisteringCache();
  stage.get('k', 'lww');
  stage.store('k', first);
  stage.advance(BELIEVED_MS);
  stage.got();
  stage.get('k', 'causal');
  const [asked] = stage.take('storage.get');
  stage.cache.evict('k');
  const kinds = stage.sent.map(({ message }) => message.type);
  expect(kinds.indexOf('storage.get')).toBeGreaterThan(kinds.indexOf('storage.unsubscribe'));
  const got = { type: 'got', from: 'storage/s1', space: 'user', key: 'k' } as const;
  stage.cache.receive({ ...got, registration: 1, request: asked!.request, found: first });
  expect(stage.got()).toEqual([]);
  stage.store('k', second);
  expect(stage.got()).toEqual(['2']);
});

test('[CACHE16] an answer to what was told of a key before it left does not make it current', () => {
  const stage = new RegisteringCache();
  stage.get('k', 'lww');
  stage.store('k', second);
  stage.advance(PACE.intervalMs);
  const told = stage.take('storage.register');
  stage.cache.evict('k');
  stage.got();
  stage.get('k', 'multi-key-causal');
  // An older push was still on its way, and comes before the answer.
  stage.push('k', first);
  stage.answer(told);
  expect(stage.got()).toEqual([]);
  stage.get('k', 'multi-key-causal');
  expect(stage.got()).toEqual([]);
  stage.store('k', second);
  expect(stage.got()).toEqual(['2', '2']);
});

test('[CACHE5] a small budget evicts what was not used for longest, never what somebody waits for', () => {
  const stage = new RegisteringCache(200);
  for (const key of ['k1', 'k2', 'k3', 'k4']) {
    stage.get(key, 'lww');
    stage.store(key, causal(key, ['w', 1]));
  }
  expect(stage.got()).toEqual(['k1', 'k2', 'k3', 'k4']);
  expect(stage.cache.statistics().bytes).toBeLessThanOrEqual(200);
  const needs = new Map([['l', ONE]]);
  stage.get('k', 'causal');
  stage.store('k', causal('k', ['v', 1], { dependencies: needs }));
  stage.get('x', 'lww');
  stage.store('x', causal('x', ['w', 1]));
  stage.store('l', first);
  expect(stage.got()).toEqual(['x', 'k']);
});
