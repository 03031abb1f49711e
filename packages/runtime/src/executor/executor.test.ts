// What an executor does with what caches answer and the scheduler says of losses.
import {
  clockOf,
  NO_DEPENDENCIES,
  recordRead,
  recordWrite,
  registerOf,
  startSession,
  type Capsule,
  type ConsistencyLevel,
  type Dependencies,
  type MessageOf,
  type Session,
} from '@stormglass/core';
import { expect, test } from 'vitest';
import type { CallListener, FunctionHost, LibraryReply } from '../ports/function-host.ts';
import { RoleStage } from '../testkit/role-stage.ts';
import { Executor } from './executor.ts';

const version = (writer: string, dependencies: Dependencies = NO_DEPENDENCIES): Capsule =>
  registerOf({
    writer,
    counter: 1,
    timestamp: 1,
    context: new Map(),
    dependencies,
    value: JSON.stringify(writer),
  });

/** f runs on w1, g waits for it on w2. */
class ExecutorStage extends RoleStage {
  readonly calls: CallListener[] = [];
  readonly #host: FunctionHost = {
    start: (_call, listener) => {
      this.calls.push(listener);
    },
    cancel: () => undefined,
    pinnedFunctions: () => [],
    close: () => undefined,
  };
  readonly executor: Executor;
  readonly session: Session;

  constructor(worker: 'w1' | 'w2', level: ConsistencyLevel = 'causal-cut') {
    super();
    const { ports } = this;
    const id = `${worker}/e1`;
    this.executor = new Executor({
      id,
      worker,
      incarnation: 1,
      ports,
      storages: [],
      host: this.#host,
    });
    this.session = startSession({ invocation: 'i1', attempt: 1, level });
  }

  start(): void {
    const definition = (name: string) => ({
      name,
      version: 1,
      source: '',
      javascript: '',
      language: 'javascript' as const,
      parameters: [],
      timeoutMs: 1_000,
      memoryMb: 8,
    });
    this.executor.receive({
      type: 'executor.start',
      dag: 'fg',
      nodes: [
        { id: 'f', function: 'f' },
        { id: 'g', function: 'g' },
      ],
      edges: [{ from: 'f', to: 'g', parameter: 'x' }],
      schedule: new Map([
        ['f', { worker: 'w1', executor: 'w1/e1' }],
        ['g', { worker: 'w2', executor: 'w2/e1' }],
      ]),
      arguments: new Map(),
      withoutCloud: [],
      definitions: [definition('f'), definition('g')],
      versions: new Map([
        ['f', 1],
        ['g', 1],
      ]),
      session: this.session,
      timeoutMs: 10_000,
      trace: false,
    });
  }

  trigger(): void {
    this.executor.receive({
      type: 'executor.trigger',
      invocation: 'i1',
      attempt: 1,
      from: 'f',
      to: 'g',
      session: this.session,
    });
  }

  lose(): void {
    this.executor.receive({
      type: 'executor.lost',
      invocation: 'i1',
      attempt: 1,
      nodes: ['f'],
      cause: 'The worker w1 was lost.',
    });
  }

  /** The cache answers a request with a version of its key. */
  answer(asked: MessageOf<'cache.get'>, capsule: Capsule, closure = NO_DEPENDENCIES): void {
    const [key = ''] = asked.keys;
    this.executor.receive({
      type: 'cache.got',
      request: asked.request,
      found: [capsule],
      session: recordRead(asked.session, { key, capsule, self: 'w1', closure }),
    });
  }
}

/** One function reads l and k at the same time; k depends on a newer l than the one that it gets. */
function readTogether(level: ConsistencyLevel) {
  const stage = new ExecutorStage('w1', level);
  stage.start();
  const replies: LibraryReply[] = [];
  for (const key of ['l', 'k']) {
    stage.calls[0]!.request({ operation: 'get', keys: [key] }, (reply) => replies.push(reply));
  }
  const [l, k] = stage.take('cache.get');
  const needs = new Map([['l', clockOf([['new', 1]])]]);
  stage.answer(l!, version('old'));
  stage.answer(k!, version('v', needs), needs);
  return { replies, restarts: stage.take('scheduler.restart') };
}

test('[EXEC1] overlapping reads that are no cut together restart, and the later is not answered', () => {
  const { replies, restarts } = readTogether('causal-cut');
  expect(replies).toHaveLength(1);
  expect(restarts).toHaveLength(1);
  expect(restarts[0]!.reason).toMatchObject({
    conflicts: ['l'],
    floors: new Map([['l', clockOf([['new', 1]])]]),
  });
});

test('[EXEC1] at causal the same reads are both answered', () => {
  const { replies, restarts } = readTogether('causal');
  expect(replies).toHaveLength(2);
  expect(restarts).toEqual([]);
});

/** A function merges into k, does not wait for the answer, and returns. */
function returnEarly() {
  const stage = new ExecutorStage('w1', 'lww');
  stage.start();
  const operand = { kind: 'counter', add: 1 } as const;
  stage.calls[0]!.request({ operation: 'merge', key: 'k', operand }, () => undefined);
  stage.calls[0]!.finished({ status: 'returned', value: '1' });
  const [asked] = stage.take('cache.write');
  return { stage, asked: asked! };
}

test('[EXEC4] a function that returns before its write is answered has written it', () => {
  const { stage, asked } = returnEarly();
  expect(stage.take('executor.trigger')).toEqual([]);
  const session = recordWrite(asked.session, { key: 'k', capsule: version('v') });
  stage.executor.receive({ type: 'cache.wrote', request: asked.request, session });
  const [trigger] = stage.take('executor.trigger');
  expect([...(trigger?.session.writes.keys() ?? [])]).toEqual(['k']);
});

test('[EXEC4] a write that is refused after the function has returned fails it', () => {
  const { stage, asked } = returnEarly();
  const failure = { type: 'lattice-mismatch', detail: 'k holds a register.' } as const;
  const { request, session } = asked;
  stage.executor.receive({ type: 'cache.wrote', request, session, failure });
  expect(stage.take('executor.trigger')).toEqual([]);
  expect(stage.take('scheduler.failed')).toMatchObject([{ failure }]);
});

test('[EXEC2] a loss restarts where something had not arrived, and only there', () => {
  const before = new ExecutorStage('w2');
  before.start();
  before.lose();
  expect(before.take('scheduler.restart')).toMatchObject([
    { node: 'g', reason: { cause: 'The worker w1 was lost.', conflicts: [] } },
  ]);
  const after = new ExecutorStage('w2');
  after.start();
  after.trigger();
  after.lose();
  expect(after.take('scheduler.restart')).toEqual([]);
  after.calls[0]!.finished({ status: 'returned', value: '1' });
  after.lose();
  expect(after.take('scheduler.restart')).toEqual([]);
});

test('[EXEC2] an attempt that has not come yet has lost what it waits for', () => {
  const stage = new ExecutorStage('w2');
  stage.lose();
  expect(stage.take('scheduler.restart')).toHaveLength(1);
});
