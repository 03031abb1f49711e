// Commits at their coordinator, one message at a time.
import {
  clockOf,
  EMPTY_CLOCK,
  NO_DEPENDENCIES,
  registerOf,
  type Capsule,
  type CapsuleKind,
  type KeptAnswer,
  type MessageOf,
  type RoleMessage,
} from '@stormglass/core';
import { expect, test, vi } from 'vitest';
import { memoryStore } from '../adapters/memory/memory-store.ts';
import { plainDataCodec } from '../adapters/sim/plain-data-codec.ts';
import { ANSWER_LIFE_MS } from '../limits.ts';
import type { Codec } from '../ports/codec.ts';
import type { Store } from '../ports/store.ts';
import { RoleStage } from '../testkit/role-stage.ts';
import { HashRing } from './hash-ring.ts';
import { StorageNode } from './storage-node.ts';

const codec = <T>(): Codec<T> => plainDataCodec((value) => value as T);
const ring = new HashRing(['s1', 's2']);
const keyOn = (owner: string): string =>
  Array.from({ length: 100 }, (_, index) => `k${index}`).find(
    (key) => ring.ownerOf('user', key) === owner,
  )!;
const [here, there] = [keyOn('s1'), keyOn('s2')];

const text = (value: string): Capsule =>
  registerOf({
    writer: 'w1.1',
    timestamp: 7,
    context: EMPTY_CLOCK,
    dependencies: NO_DEPENDENCIES,
    value: JSON.stringify(value),
  });

const counter: Capsule = {
  kind: 'counter',
  epoch: 0,
  clock: clockOf([['w1.1', 1]]),
  dependencies: NO_DEPENDENCIES,
  shares: new Map([['w1.1', { up: 1, down: 0 }]]),
};

interface Stage extends RoleStage {
  readonly node: StorageNode;
}

const startNode = async (store: Store, incarnation = 1): Promise<Stage> => {
  const stage = new RoleStage();
  const node = new StorageNode({
    id: 's1',
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
  await node.recover();
  return Object.assign(stage, { node });
};

const allTaken = async <Type extends RoleMessage['type']>(
  stage: RoleStage,
  type: Type,
  count: number,
): Promise<readonly MessageOf<Type>[]> => {
  const found: MessageOf<Type>[] = [];
  await vi.waitFor(() => {
    found.push(...stage.take(type));
    expect(found).toHaveLength(count);
  });
  return found;
};

const taken = async <Type extends RoleMessage['type']>(
  stage: RoleStage,
  type: Type,
): Promise<MessageOf<Type>> => {
  const [only] = await allTaken(stage, type, 1);
  return only!;
};

const keptFor = (invocation: string, key = 'order 7'): KeptAnswer => ({
  identity: { key, digests: new Map([['path', 'p']]) },
  answer: {
    invocation,
    consistency: 'lww',
    attempts: 1,
    durationUs: 5,
    results: new Map([['sink', '1']]),
    sessionToken: 'token',
  },
});

const commit = (
  request: number,
  invocation: string,
  writes: [string, Capsule][],
  kept?: KeptAnswer,
): MessageOf<'storage.commit'> => ({
  type: 'storage.commit',
  request,
  from: 'scheduler',
  invocation,
  attempt: 1,
  ordinal: 1,
  writes,
  kept,
  trace: false,
});

const stored = ({ request }: { readonly request: number }): MessageOf<'stored'> => ({
  type: 'stored',
  request,
  from: 'storage/s2',
  versions: [],
});

const recall = (request: number, key = 'order 7'): MessageOf<'storage.recall'> => ({
  type: 'storage.recall',
  request,
  from: 'client',
  key,
});

const merge = (request: number, key: string, capsule: Capsule): MessageOf<'storage.merge'> => ({
  type: 'storage.merge',
  request,
  from: 'scheduler',
  space: 'user',
  writes: [[key, capsule]],
  trace: false,
});

test('[STO7] the first commit for a request is made, another invocation gets its answer', async () => {
  const stage = await startNode(memoryStore());
  stage.node.receive(commit(1, 'i1', [[here, text('first')]], keptFor('i1')));
  stage.node.receive(commit(2, 'i2', [[here, counter]], keptFor('i2')));
  expect(await allTaken(stage, 'stored', 2)).toMatchObject([
    { request: 1, failure: undefined, earlier: undefined },
    { request: 2, failure: undefined, earlier: { invocation: 'i1' } },
  ]);
  // Asked again, because the answer was lost.
  stage.node.receive(commit(3, 'i1', [[here, text('first')]], keptFor('i1')));
  expect(await taken(stage, 'stored')).toMatchObject({ request: 3, earlier: undefined });
});

test('[STO7] an answer is recalled when its effects are there, and for a day', async () => {
  const store = memoryStore();
  const stage = await startNode(store);
  stage.node.receive(recall(1));
  expect((await taken(stage, 'recalled')).found).toBeUndefined();
  stage.node.receive(commit(2, 'i1', [[there, text('x')]], keptFor('i1')));
  stage.node.receive(stored(await taken(stage, 'storage.prepare')));
  const merging = await taken(stage, 'storage.merge');
  stage.node.receive(recall(3));
  await new Promise((resolve) => setImmediate(resolve));
  expect(stage.take('recalled')).toEqual([]);
  stage.node.receive(stored(merging));
  expect((await taken(stage, 'recalled')).found).toEqual(keptFor('i1'));

  const restarted = await startNode(store, 2);
  restarted.node.receive(recall(4));
  expect((await taken(restarted, 'recalled')).found).toMatchObject(keptFor('i1'));
  restarted.advance(ANSWER_LIFE_MS + 1);
  restarted.node.receive(recall(5));
  expect((await taken(restarted, 'recalled')).found).toBeUndefined();
});

test('[STO7] after a crash an answer is recalled only when its commit is finished', async () => {
  const store = memoryStore();
  const crashing = await startNode(store);
  crashing.node.receive(commit(1, 'i1', [[there, text('x')]], keptFor('i1')));
  crashing.node.receive(stored(await taken(crashing, 'storage.prepare')));
  await taken(crashing, 'storage.merge');
  crashing.node.close();

  const stage = await startNode(store, 2);
  stage.node.receive(recall(1));
  const merging = await taken(stage, 'storage.merge');
  expect(stage.take('recalled')).toEqual([]);
  stage.node.receive(stored(merging));
  expect((await taken(stage, 'recalled')).found).toMatchObject(keptFor('i1'));
});

test('[STO9] an answer to an earlier incarnation of the node is nobody’s', async () => {
  const store = memoryStore();
  const crashing = await startNode(store);
  crashing.node.receive(commit(1, 'i1', [[there, text('x')]]));
  const late = await taken(crashing, 'storage.prepare');
  crashing.node.close();

  const stage = await startNode(store, 2);
  stage.node.receive(commit(1, 'i2', [[there, text('y')]]));
  const asked = await taken(stage, 'storage.prepare');
  stage.node.receive(stored(late));
  await new Promise((resolve) => setImmediate(resolve));
  expect(stage.take('storage.merge')).toEqual([]);
  stage.node.receive(stored(asked));
  await taken(stage, 'storage.merge');
});

test('[STO9] a commit that is asked for twice is made once and answered once a request', async () => {
  const stage = await startNode(memoryStore());
  const asked = commit(1, 'i1', [
    [here, text('x')],
    [there, text('y')],
  ]);
  stage.node.receive(asked);
  stage.node.receive(asked);
  stage.node.receive(stored(await taken(stage, 'storage.prepare')));
  stage.node.receive(stored(await taken(stage, 'storage.merge')));
  await taken(stage, 'stored');
  expect(stage.sent).toEqual([]);
});

test('[STO8] a key that was promised to a commit takes no other kind, until that is over', async () => {
  const stage = await startNode(memoryStore());
  const promise = (request: number, name: string, kind: CapsuleKind): RoleMessage => ({
    type: 'storage.prepare',
    request,
    from: 'storage/s2',
    commit: name,
    kinds: [[here, kind]],
  });
  stage.node.receive(promise(1, 'a', 'counter'));
  expect((await taken(stage, 'stored')).failure).toBeUndefined();
  stage.node.receive(promise(2, 'b', 'register'));
  expect((await taken(stage, 'stored')).failure?.type).toBe('lattice-mismatch');
  stage.node.receive(merge(3, here, text('x')));
  expect((await taken(stage, 'stored')).failure?.type).toBe('lattice-mismatch');
  stage.node.receive({ type: 'storage.release', request: 4, from: 'storage/s2', commit: 'a' });
  await taken(stage, 'stored');
  stage.node.receive(merge(5, here, text('x')));
  expect((await taken(stage, 'stored')).failure).toBeUndefined();
});

test('[STO8] a commit that one owner refuses is recorded nowhere', async () => {
  const store = memoryStore();
  const stage = await startNode(store);
  stage.node.receive(
    commit(1, 'i1', [
      [here, counter],
      [there, text('y')],
    ]),
  );
  const asked = await taken(stage, 'storage.prepare');
  const failure = { type: 'lattice-mismatch', detail: 'another kind', key: there } as const;
  stage.node.receive({ ...stored(asked), failure });
  expect(await taken(stage, 'stored')).toMatchObject({ request: 1, failure });
  stage.node.receive(stored(await taken(stage, 'storage.release')));
  expect(await store.scan({ prefix: '', limit: 10 })).toEqual([]);
  stage.node.receive(merge(2, here, text('x')));
  expect((await taken(stage, 'stored')).failure).toBeUndefined();
});
