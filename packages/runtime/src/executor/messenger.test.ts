// Direct messages as an executor sends, repeats, takes and answers them.
import { callAddress, startSession, type MessageOf } from '@stormglass/core';
import { expect, test } from 'vitest';
import { INBOX_MESSAGES_MAX, MAIL_RETRY_MS, RECEIPT_TIMEOUT_MS } from '../limits.ts';
import type { CallListener, FunctionHost, LibraryReply } from '../ports/function-host.ts';
import { RoleStage } from '../testkit/role-stage.ts';
import { Executor } from './executor.ts';

const HERE = callAddress({ executor: 'w1/e1', invocation: 'i1', attempt: 1, node: 'f' });
const THERE = callAddress({ executor: 'w2/e1', invocation: 'i2', attempt: 1, node: 'g' });

/** One function f runs on w1/e1. */
class MailStage extends RoleStage {
  readonly replies: LibraryReply[] = [];
  readonly executor: Executor;
  #call: CallListener | undefined;

  constructor() {
    super();
    const host: FunctionHost = {
      start: (_call, listener) => {
        this.#call = listener;
      },
      cancel: () => undefined,
      pinnedFunctions: () => [],
      close: () => undefined,
    };
    this.executor = new Executor({
      id: 'w1/e1',
      worker: 'w1',
      incarnation: 1,
      ports: this.ports,
      host,
      storages: ['s1', 's2'],
    });
    this.executor.receive({
      type: 'executor.start',
      dag: 'f',
      nodes: [{ id: 'f', function: 'f' }],
      edges: [],
      schedule: new Map([['f', { worker: 'w1', executor: 'w1/e1' }]]),
      arguments: new Map(),
      withoutCloud: [],
      definitions: [
        {
          name: 'f',
          version: 1,
          source: '',
          javascript: '',
          language: 'javascript',
          parameters: [],
          timeoutMs: 10_000,
          memoryMb: 8,
        },
      ],
      versions: new Map([['f', 1]]),
      session: startSession({ invocation: 'i1', attempt: 1, level: 'lww' }),
      timeoutMs: 10_000,
      trace: true,
    });
  }

  send(message: string): void {
    this.#ask({ operation: 'send', to: THERE, message });
  }

  recv(timeoutMs = 0): void {
    this.#ask({ operation: 'receive', timeoutMs });
  }

  finish(): void {
    this.#call!.finished({ status: 'returned', value: undefined });
  }

  receipt(request: number, delivered: boolean): void {
    this.executor.receive({ type: 'executor.receipt', request, delivered });
  }

  /** From g, in the order of its calls where it is not said otherwise. */
  hear(sequence: number, { settled = 0, by }: { settled?: number; by?: string } = {}): void {
    this.executor.receive({
      type: 'executor.deliver',
      request: 100 + sequence,
      from: 'executor/w2/e1',
      sender: THERE,
      recipient: HERE,
      sequence,
      settled,
      message: String(sequence),
      by,
    });
  }

  /** Those that `recv` gets now. */
  mail(): string[] {
    const before = this.replies.length;
    for (let number = 0; number < 5; number += 1) this.recv();
    this.advance(0);
    return this.replies
      .splice(before)
      .flatMap((reply) => (reply.status === 'message' ? [reply.message] : []));
  }

  /** Sequence of g's message → whether it was taken. */
  receipts(): [number, boolean][] {
    return this.take('executor.receipt').map(({ request, delivered }) => [
      request - 100,
      delivered,
    ]);
  }

  #ask(request: Parameters<CallListener['request']>[0]): void {
    this.#call!.request(request, (reply) => this.replies.push(reply));
  }
}

const relayed = (stage: MailStage): MessageOf<'storage.relay'>[] => stage.take('storage.relay');

test('[EXEC3] what is not answered is sent again, directly and through the storage nodes in turn', () => {
  const stage = new MailStage();
  stage.send('"a"');
  const [first] = stage.take('executor.deliver');
  expect(relayed(stage)).toEqual([]);
  expect(first).toMatchObject({ sequence: 1, settled: 0, sender: HERE, recipient: THERE });
  stage.advance(MAIL_RETRY_MS);
  expect(stage.take('executor.deliver')).toEqual([first]);
  stage.advance(MAIL_RETRY_MS);
  const ways = stage.sent.flatMap(({ to, message }) =>
    message.type === 'storage.relay' ? [[to, message.to, message.message]] : [],
  );
  expect(ways).toEqual([
    ['storage/s1', 'executor/w2/e1', { ...first, by: 'storage/s1' }],
    ['storage/s2', 'executor/w2/e1', { ...first, by: 'storage/s2' }],
  ]);
  expect(stage.replies).toEqual([]);
  stage.receipt(first!.request, true);
  stage.receipt(first!.request, false);
  expect(stage.replies).toEqual([{ status: 'done' }]);
  stage.take('executor.deliver');
  relayed(stage);
  stage.advance(RECEIPT_TIMEOUT_MS);
  expect(stage.take('executor.deliver')).toEqual([]);
  // What failed once is not waited for again.
  stage.send('"b"');
  expect(relayed(stage)).toMatchObject([{ message: { sequence: 2, settled: 1 } }]);
});

test('[EXEC3] overlapping messages are numbered, and one that is given up holds up no other', () => {
  const stage = new MailStage();
  stage.send('"a"');
  stage.send('"b"');
  const sent = stage.take('executor.deliver');
  expect(sent.map(({ sequence, settled }) => [sequence, settled])).toEqual([
    [1, 0],
    [2, 0],
  ]);
  for (let ms = 0; ms < RECEIPT_TIMEOUT_MS; ms += MAIL_RETRY_MS) stage.advance(MAIL_RETRY_MS);
  expect(stage.replies).toMatchObject([
    { status: 'refused', failure: { type: 'unavailable' } },
    { status: 'refused', failure: { type: 'unavailable' } },
  ]);
  stage.take('executor.deliver');
  stage.send('"c"');
  expect(stage.take('executor.deliver')).toMatchObject([{ sequence: 3, settled: 2 }]);
});

test('[EXEC3] mail is taken once and in order, and answered when it is, the way it came', () => {
  const stage = new MailStage();
  stage.hear(2);
  expect(stage.receipts()).toEqual([]);
  stage.hear(1);
  stage.hear(1);
  expect(stage.receipts()).toEqual([
    [1, true],
    [2, true],
    [1, true],
  ]);
  expect(stage.mail()).toEqual(['1', '2']);
  stage.hear(2, { by: 'storage/s2' });
  expect(stage.receipts()).toEqual([]);
  expect(relayed(stage)).toMatchObject([
    { to: 'executor/w2/e1', message: { request: 102, delivered: true } },
  ]);
  expect(stage.told.filter(({ kind }) => kind === 'message.received')).toHaveLength(2);
});

test('[EXEC3] a message that the function had taken is answered so when it is over, no other is', () => {
  const stage = new MailStage();
  stage.hear(1);
  stage.hear(3);
  stage.finish();
  stage.receipts();
  for (const sequence of [1, 2, 3]) stage.hear(sequence);
  expect(stage.receipts()).toEqual([
    [1, true],
    [2, false],
    [3, false],
  ]);
});

test('[EXEC3] a full inbox does not answer until there is room', () => {
  const stage = new MailStage();
  for (let mail = 1; mail <= INBOX_MESSAGES_MAX; mail += 1) stage.hear(mail);
  expect(stage.receipts()).toHaveLength(INBOX_MESSAGES_MAX);
  stage.hear(INBOX_MESSAGES_MAX + 1);
  expect(stage.receipts()).toEqual([]);
  expect(stage.mail()).toHaveLength(5);
  stage.hear(INBOX_MESSAGES_MAX + 1);
  expect(stage.receipts()).toEqual([[INBOX_MESSAGES_MAX + 1, true]]);
});
