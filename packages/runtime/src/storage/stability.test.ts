// X1: when a dependency is forgotten, and when not.
import {
  clockOf,
  dependenciesOf,
  EMPTY_CLOCK,
  registerOf,
  type AnswerRecord,
  type Capsule,
  type CommitRecord,
  type Dependencies,
  type VectorClock,
} from '@stormglass/core';
import { expect, test, vi } from 'vitest';
import { memoryStore } from '../adapters/memory/memory-store.ts';
import { plainDataCodec } from '../adapters/sim/plain-data-codec.ts';
import { ATTEMPT_TIMEOUT_MS_DEFAULT, SILENT_ATTEMPT_TIMEOUTS } from '../limits.ts';
import type { Store } from '../ports/store.ts';
import { RoleStage } from '../testkit/role-stage.ts';
import { StorageNode } from './storage-node.ts';

const PACE = { intervalMs: 1_000, leaseMs: 30_000 };
/** How long storage counts on a cache that is silent. */
const KEPT_MS = PACE.leaseMs + SILENT_ATTEMPT_TIMEOUTS * ATTEMPT_TIMEOUT_MS_DEFAULT;
const [OLD, NEW] = [clockOf([['h', 1]]), clockOf([['i', 1]])];

const causal = (
  writer: string,
  more: { context?: VectorClock; dependencies?: Dependencies } = {},
): Capsule =>
  registerOf({
    writer,
    counter: 1,
    timestamp: 1,
    context: more.context ?? EMPTY_CLOCK,
    dependencies: more.dependencies ?? new Map(),
    value: '"v"',
  });

/** `b` at s1 depends on `a` at s2, both as nodes of one stage; what one sends the other gets. */
class TwoNodes extends RoleStage {
  readonly stores: readonly [Store, Store] = [memoryStore(), memoryStore()];
  nodes = this.stores.map((store, index) => this.#start(`s${index + 1}`, store));
  #request = 0;

  restart(): void {
    for (const node of this.nodes) node.close();
    this.nodes = this.stores.map((store, index) => this.#start(`s${index + 1}`, store));
  }

  /** Delivers what the nodes have sent each other until nothing is left. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 20; quiet += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      for (const { to, message } of this.sent.splice(0)) {
        const node = this.nodes.find(({ address }) => address === to);
        if (node === undefined) this.sent.push({ to, message });
        else node.receive(message);
      }
    }
  }

  async merge(key: string, capsule: Capsule): Promise<void> {
    this.#request += 1;
    this.#ownerOf(key).receive({
      type: 'storage.merge',
      request: this.#request,
      from: 'scheduler',
      space: 'user',
      writes: [[key, capsule]],
      trace: false,
    });
    await vi.waitUntil(() => this.take('stored').length > 0);
  }

  /** A cache comes to hold the key. */
  async get(cache: string, key: string): Promise<number> {
    this.#request += 1;
    const request = this.#request;
    const get = { type: 'storage.get', request, from: cache, space: 'user', key } as const;
    this.#ownerOf(key).receive({ ...get, subscribe: true });
    await this.settle();
    return this.take('got').find((got) => got.request === request)?.registration ?? Number.NaN;
  }

  async register(cache: string, registration: number, version: VectorClock): Promise<void> {
    const entries = [{ key: 'a', version }];
    const message = { type: 'storage.register', from: cache, registration, round: 1 } as const;
    this.#ownerOf('a').receive({ ...message, entries });
    await this.settle();
  }

  async round(ms: number = PACE.intervalMs): Promise<void> {
    this.advance(ms);
    await this.settle();
  }

  /** Rounds until any back-off has had its turn. */
  async rounds(): Promise<void> {
    for (let round = 0; round < 10; round += 1) await this.round();
  }

  async dependenciesOfB(): Promise<readonly string[]> {
    this.#request += 1;
    const get = { type: 'storage.get', from: 'client', space: 'user', key: 'b' } as const;
    this.#ownerOf('b').receive({ ...get, request: this.#request, subscribe: false });
    await this.settle();
    const found = this.take('got').find(({ request }) => request === this.#request)?.found;
    return found === undefined || found === 'absent'
      ? ['b is absent']
      : [...dependenciesOf(found).keys()];
  }

  #ownerOf(key: string): StorageNode {
    return this.nodes[key === 'b' ? 0 : 1]!;
  }

  #start(id: string, store: Store): StorageNode {
    return new StorageNode({
      id,
      incarnation: 2,
      ports: this.ports,
      store,
      codec: plainDataCodec((value) => value as Capsule),
      recordCodec: plainDataCodec((value) => value as CommitRecord),
      answerCodec: plainDataCodec((value) => value as AnswerRecord),
      ring: { nodes: ['s1', 's2'], ownerOf: (_space, key) => (key === 'b' ? 's1' : 's2') },
      pace: PACE,
      onStoreFailure: (cause) => {
        throw cause;
      },
    });
  }
}

const b = causal('b', { dependencies: new Map([['a', NEW]]) });
const [oldA, newA] = [causal('h'), causal('i', { context: OLD })];
const covered = clockOf([...OLD, ...NEW]);

/** Nodes that know of all caches. */
async function started(): Promise<TwoNodes> {
  const nodes = new TwoNodes();
  await nodes.round(KEPT_MS);
  return nodes;
}

test('[STO6] b keeps its dependency until the owner of a has that version, and loses it then (X1)', async () => {
  const nodes = await started();
  await nodes.merge('a', oldA);
  await nodes.merge('b', b);
  await nodes.rounds();
  expect(await nodes.dependenciesOfB()).toEqual(['a']);
  await nodes.merge('a', newA);
  await nodes.rounds();
  expect(await nodes.dependenciesOfB()).toEqual([]);
});

test('[STO6] b keeps its dependency while a registered cache may serve an older a (X1)', async () => {
  const nodes = await started();
  await nodes.merge('a', oldA);
  const registration = await nodes.get('cache/c9', 'a');
  await nodes.merge('a', newA);
  await nodes.merge('b', b);
  // Nothing is known yet of what it serves; then it serves the old one; then it has got the new one.
  await nodes.rounds();
  expect(await nodes.dependenciesOfB()).toEqual(['a']);
  await nodes.register('cache/c9', registration, OLD);
  await nodes.rounds();
  expect(await nodes.dependenciesOfB()).toEqual(['a']);
  await nodes.register('cache/c9', registration, covered);
  await nodes.rounds();
  expect(await nodes.dependenciesOfB()).toEqual([]);
});

test('[STO6] a cache that evicts a is not waited for, nor one whose lease has run out (X1)', async () => {
  for (const leave of ['evicts', 'is silent'] as const) {
    const nodes = await started();
    await nodes.merge('a', oldA);
    await nodes.get('cache/c9', 'a');
    await nodes.merge('a', newA);
    await nodes.merge('b', b);
    await nodes.rounds();
    expect(await nodes.dependenciesOfB()).toEqual(['a']);
    if (leave === 'evicts') {
      const unsubscribe = { type: 'storage.unsubscribe', from: 'cache/c9', keys: ['a'] } as const;
      nodes.nodes[1]!.receive({ ...unsubscribe, keys: ['a'] });
    } else await nodes.round(KEPT_MS - 10 * PACE.intervalMs + 1);
    await nodes.rounds();
    expect(await nodes.dependenciesOfB(), leave).toEqual([]);
  }
});

test('[STO6] after a restart nothing is forgotten for as long as a lease lasts (X1)', async () => {
  const nodes = await started();
  await nodes.merge('a', newA);
  await nodes.merge('b', b);
  nodes.restart();
  expect(await nodes.dependenciesOfB()).toEqual(['a']);
  await nodes.round(KEPT_MS / 2);
  await nodes.rounds();
  expect(await nodes.dependenciesOfB()).toEqual(['a']);
  await nodes.round(KEPT_MS / 2);
  await nodes.rounds();
  expect(await nodes.dependenciesOfB()).toEqual([]);
});

test('[STO5] a push that was lost is made good when the cache registers again (S16)', async () => {
  const nodes = await started();
  await nodes.merge('a', oldA);
  const registration = await nodes.get('cache/c9', 'a');
  await nodes.register('cache/c9', registration, OLD);
  await nodes.merge('a', newA);
  nodes.take('cache.update');
  nodes.take('cache.registered');
  const nothing = {
    type: 'storage.register',
    from: 'cache/c9',
    registration,
    entries: [],
  } as const;
  nodes.nodes[1]!.receive({ ...nothing, entries: [], round: 2 });
  nodes.nodes[1]!.receive({ ...nothing, entries: [], round: 3 });
  const newer = nodes.take('cache.registered').flatMap((registered) => registered.newer);
  expect(newer.map(([key]) => key)).toEqual(['a']);
});
