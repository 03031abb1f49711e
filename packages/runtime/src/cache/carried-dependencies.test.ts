// Very many writes of one session.
import { startSession, type Failure, type Key, type Session } from '@stormglass/core';
import { expect, test } from 'vitest';
import { RoleStage } from '../testkit/role-stage.ts';
import { Cache } from './cache.ts';

class Writing extends RoleStage {
  session: Session;
  readonly #cache = new Cache({
    worker: 'w1',
    incarnation: 1,
    ports: this.ports,
    ring: { nodes: ['s1'], ownerOf: () => 's1' },
  });
  #requests = 0;

  constructor(level: Session['level']) {
    super();
    this.session = startSession({ invocation: 'i1', attempt: 1, level });
  }

  put(key: Key): Failure | undefined {
    this.#requests += 1;
    this.#cache.receive({
      type: 'cache.write',
      request: this.#requests,
      from: 'executor/w1/e1',
      executor: 'w1/e1',
      node: 'n',
      session: this.session,
      trace: false,
      key,
      write: { operation: 'put', value: '1' },
    });
    const [wrote] = this.take('cache.wrote');
    this.session = wrote!.session;
    return wrote!.failure;
  }
}

test('[CACHE26] a thousand writes of a causal session are taken, the next is refused by name and changes nothing', () => {
  const writing = new Writing('causal');
  for (let n = 0; n < 1_000; n += 1) expect(writing.put(`k${n}`)).toBeUndefined();
  const before = writing.session;
  const refused = writing.put('one more');
  expect(refused).toMatchObject({ type: 'too-many-dependencies', key: 'one more' });
  expect(refused?.detail).toContain('500500');
  expect(writing.session).toBe(before);
  // Written again it carries as much as before.
  expect(writing.put('k999')).toBeUndefined();
});

test.each(['lww', 'repeatable-read', 'single-key-causal'] as const)(
  '[CACHE26] at %s writes carry nothing, so there is no end to them',
  (level) => {
    const writing = new Writing(level);
    for (let n = 0; n < 10_000; n += 1) writing.put(`k${n}`);
    expect(writing.session.writes.size).toBe(10_000);
  },
);
