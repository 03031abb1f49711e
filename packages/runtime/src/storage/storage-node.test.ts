import {
  clockOf,
  EMPTY_CLOCK,
  NO_DEPENDENCIES,
  registerOf,
  valueOf,
  versionOf,
  type Capsule,
  type MessageOf,
  type RoleMessage,
  type VectorClock,
} from '@stormglass/core';
import { expect, test, vi } from 'vitest';
import type { Codec } from '../ports/codec.ts';
import type { Store } from '../ports/store.ts';
import { RoleStage } from '../testkit/role-stage.ts';
import { memoryStore } from '../adapters/memory/memory-store.ts';
import { plainDataCodec } from '../adapters/sim/plain-data-codec.ts';
import { HashRing } from './hash-ring.ts';
import { StorageNode } from './storage-node.ts';

const codec = <T>(): Codec<T> => plainDataCodec((value) => value as T);

const write = (value: string, timestamp: number): Capsule =>
  registerOf({
    writer: 'w1.1',
    timestamp,
    context: EMPTY_CLOCK,
    dependencies: NO_DEPENDENCIES,
    value: JSON.stringify(value),
  });

const counter = (up: number): Capsule => ({
  kind: 'counter',
  epoch: 0,
  clock: clockOf([['w1.1', 1]]),
  dependencies: NO_DEPENDENCIES,
  shares: new Map([['w1.1', { up, down: 0 }]]),
});

const nodeOn = (
  stage: RoleStage,
  id: string,
  store: Store,
  ring: HashRing,
  incarnation = 1,
): StorageNode =>
  new StorageNode({
    id,
    incarnation,
    ports: stage.ports,
    store,
    codec: codec(),
    recordCodec: codec(),
    answerCodec: codec(),
    ring,
    onStoreFailure: (cause) => {
      throw cause;
    },
  });

const taken = async <Type extends RoleMessage['type']>(
  stage: RoleStage,
  type: Type,
): Promise<MessageOf<Type>> => {
  const found: MessageOf<Type>[] = [];
  await vi.waitFor(() => {
    found.push(...stage.take(type));
    expect(found).toHaveLength(1);
  });
  return found[0]!;
};

const done = ({ request }: { readonly request: number }, from: string): MessageOf<'stored'> => ({
  type: 'stored',
  request,
  from,
  versions: [],
});

const merge = (request: number, writes: [string, Capsule][]) =>
  ({
    type: 'storage.merge',
    request,
    from: 'scheduler',
    space: 'user',
    writes,
    trace: true,
  }) as const;

const get = (request: number, key: string) =>
  ({
    type: 'storage.get',
    request,
    from: 'cache/w1',
    space: 'user',
    key,
    subscribe: true,
  }) as const;

/** A store whose saves wait until the test lets them through. */
const slowStore = (store: Store): { store: Store; release: () => void } => {
  const waiting: (() => void)[] = [];
  return {
    store: {
      ...store,
      save: async (entries) => {
        await new Promise<void>((resolve) => waiting.push(resolve));
        await store.save(entries);
      },
    },
    release: () => waiting.splice(0).forEach((resolve) => resolve()),
  };
};

test('[STO2] a write is answered, served and pushed only when it is durable', async () => {
  const stage = new RoleStage();
  const { store, release } = slowStore(memoryStore());
  const node = nodeOn(stage, 's1', store, new HashRing(['s1']));
  node.receive(get(1, 'k'));
  await vi.waitFor(() => expect(stage.take('got')).toMatchObject([{ found: 'absent' }]));
  node.receive(merge(2, [['k', write('new', 10)]]));
  node.receive(get(3, 'k'));
  expect(stage.take('got')).toMatchObject([{ request: 3, found: 'absent' }]);
  expect(stage.take('stored')).toEqual([]);
  expect(stage.take('cache.update')).toEqual([]);
  release();
  await vi.waitFor(() => expect(stage.take('stored')).toMatchObject([{ request: 2 }]));
  expect(stage.take('cache.update').map(({ capsule }) => valueOf(capsule))).toEqual(['"new"']);
  node.receive(get(4, 'k'));
  expect(stage.take('got').map(({ found }) => found !== 'absent' && valueOf(found))).toEqual([
    '"new"',
  ]);
});

test('[STO2] writes that arrive during a save are joined and become durable together', async () => {
  const stage = new RoleStage();
  const { store, release } = slowStore(memoryStore());
  const node = nodeOn(stage, 's1', store, new HashRing(['s1']));
  for (const [index, value] of ['a', 'b', 'c'].entries()) {
    node.receive(merge(index, [['k', write(value, 10 + index)]]));
  }
  const stored = new Set<number>();
  await vi.waitFor(() => {
    release();
    for (const { request } of stage.take('stored')) stored.add(request);
    expect(stored.size).toBe(3);
  });
  node.receive(get(9, 'k'));
  expect(stage.take('got').map(({ found }) => found !== 'absent' && valueOf(found))).toEqual([
    '"c"',
  ]);
});

test('[STO4] another kind is refused and nothing of the request changes', async () => {
  const stage = new RoleStage();
  const node = nodeOn(stage, 's1', memoryStore(), new HashRing(['s1']));
  node.receive(merge(1, [['k', write('text', 10)]]));
  await vi.waitFor(() => expect(stage.take('stored')).toHaveLength(1));
  node.receive(
    merge(2, [
      ['other', write('x', 11)],
      ['k', counter(3)],
    ]),
  );
  await vi.waitFor(() =>
    expect(stage.take('stored')).toMatchObject([
      { request: 2, failure: { type: 'lattice-mismatch', key: 'k' } },
    ]),
  );
  node.receive(get(3, 'other'));
  await vi.waitFor(() => expect(stage.take('got')).toMatchObject([{ found: 'absent' }]));
});

test('[STO5] a cache that registers an older version is brought up to date', async () => {
  const stage = new RoleStage();
  const node = nodeOn(stage, 's1', memoryStore(), new HashRing(['s1']));
  const [older, newer] = [write('1', 10), write('2', 20)];
  node.receive(merge(1, [['k', newer]]));
  await vi.waitFor(() => expect(stage.take('stored')).toHaveLength(1));
  const register = (registration: number | undefined, version: VectorClock) => {
    const entries = [{ key: 'k', version }];
    const message = { type: 'storage.register', from: 'cache/w2', round: 1, registration } as const;
    node.receive({ ...message, entries });
    return stage.take('cache.registered')[0]!;
  };
  const unknown = register(undefined, versionOf(older));
  expect(unknown).toMatchObject({ isRenewed: false, newer: [] });
  const missed = register(unknown.registration, versionOf(older));
  expect(missed.isRenewed).toBe(true);
  expect(missed.newer.map(([key, capsule]) => [key, valueOf(capsule)])).toEqual([['k', '"2"']]);
  expect(register(unknown.registration, versionOf(newer)).newer).toEqual([]);
});

test('[STO3] a commit over two nodes is finished from its record after a crash', async () => {
  const ring = new HashRing(['s1', 's2']);
  const keyOf = (owner: string): string =>
    Array.from({ length: 100 }, (_, index) => `k${index}`).find(
      (key) => ring.ownerOf('user', key) === owner,
    )!;
  const [here, there] = [keyOf('s1'), keyOf('s2')];
  const store = memoryStore();
  const before = new RoleStage();
  const crashing = nodeOn(before, 's1', store, ring);
  crashing.receive({
    type: 'storage.commit',
    request: 1,
    from: 'scheduler',
    invocation: 'i1',
    attempt: 1,
    ordinal: 1,
    writes: [
      [here, write('a', 10)],
      [there, write('b', 11)],
    ],
    trace: false,
  });
  // Owners promise first; then the record is durable before the other node hears of anything;
  // there the node dies.
  const prepared = await taken(before, 'storage.prepare');
  crashing.receive(done(prepared, 'storage/s2'));
  await taken(before, 'storage.merge');
  crashing.close();
  expect(before.take('stored')).toEqual([]);

  const after = new RoleStage();
  const restarted = nodeOn(after, 's1', store, ring, 2);
  await restarted.recover();
  await vi.waitFor(() =>
    expect(after.take('storage.merge')).toMatchObject([{ writes: [[there, {}]] }]),
  );
  restarted.receive(get(2, here));
  await vi.waitFor(() =>
    expect(after.take('got').map(({ found }) => found !== 'absent' && valueOf(found))).toEqual([
      '"a"',
    ]),
  );
});
