/**
 * What a user function asks of `cloud`, answered: reads and writes by the cache beside this
 * executor, flush by the scheduler, messages by the messenger. Sessions grow here.
 */
import {
  reasonOf,
  SCHEDULER,
  siblingsOf,
  valueOf,
  type CapsuleOrAbsent,
  type EncodedValue,
  type Failure,
  type Key,
  type MessageOf,
  type ProtocolStrategies,
  type RestartReason,
  type Session,
  type WriteOperation,
} from '@stormglass/core';
import type { LibraryReply, LibraryRequest } from '../ports/function-host.ts';
import { REQUEST_RETRY_MS } from '../limits.ts';
import type { Ports } from '../ports/ports.ts';
import type { Cancel } from '../ports/timers.ts';
import type { Address } from '../ports/transport.ts';
import type { CacheLink } from './cache-link.ts';
import type { Messenger } from './messenger.ts';
import type { Call } from './run.ts';

type Reply = (reply: LibraryReply) => void;

interface Flush {
  readonly call: Call;
  readonly reply: Reply;
  cancelRetry: Cancel;
}

export interface LibraryOptions {
  readonly ports: Ports;
  readonly cache: CacheLink;
  readonly messenger: Messenger;
  readonly address: Address;
  readonly strategies: ProtocolStrategies;
  /** The attempt cannot go on consistently; the call is never answered. */
  readonly restart: (call: Call, reason: RestartReason) => void;
}

export class Library {
  readonly #options: LibraryOptions;
  readonly #flushes = new Map<number, Flush>();
  #lastFlush = 0;

  constructor(options: LibraryOptions) {
    this.#options = options;
  }

  onRequest(call: Call, request: LibraryRequest, reply: Reply): void {
    switch (request.operation) {
      case 'get':
        this.#read(call, request.keys, reply, (found) =>
          this.#valuesFor(call, request.keys, found),
        );
        break;
      case 'siblings':
        this.#read(call, [request.key], reply, ([found]) => siblingValues(found));
        break;
      case 'put':
        this.#write(call, request.key, { operation: 'put', value: request.value }, reply);
        break;
      case 'delete':
        this.#write(call, request.key, { operation: 'delete' }, reply);
        break;
      case 'merge':
        this.#write(call, request.key, { operation: 'merge', operand: request.operand }, reply);
        break;
      case 'flush':
        this.#flush(call, reply);
        break;
      case 'send':
        this.#options.messenger.send(call, request, reply);
        break;
      case 'receive':
        call.mailbox.receive(request.timeoutMs, reply);
        break;
    }
  }

  #valuesFor(
    { session }: Call,
    keys: readonly Key[],
    found: readonly CapsuleOrAbsent[],
  ): readonly (EncodedValue | undefined)[] {
    const { valueFor } = this.#options.strategies;
    return found.map((one, index) => valueFor(session, keys[index] ?? '', one));
  }

  onFlushed(message: MessageOf<'executor.flushed'>): void {
    const flush = this.#flushes.get(message.flush);
    if (flush === undefined || flush.call.run.invocation !== message.invocation) return;
    this.#flushes.delete(message.flush);
    flush.cancelRetry();
    flush.reply(doneOr(message.failure));
  }

  forget(call: Call): void {
    for (const [number, flush] of this.#flushes) {
      if (flush.call !== call) continue;
      this.#flushes.delete(number);
      flush.cancelRetry();
    }
  }

  close(): void {
    for (const { cancelRetry } of this.#flushes.values()) cancelRetry();
  }

  #read(
    call: Call,
    keys: readonly Key[],
    reply: Reply,
    valuesOf: (found: readonly CapsuleOrAbsent[]) => readonly (EncodedValue | undefined)[],
  ): void {
    const base = call.session;
    const trace = call.told?.take('cache.read', keys.length) ?? false;
    const asker = { node: call.node, session: base, trace };
    this.#options.cache.get(asker, keys, (got) => {
      // Nobody waits for it, and what it adds goes nowhere.
      if (call.run.calls.get(call.node) !== call) return;
      if (!this.#absorb(call, base, got.session)) return;
      if (got.restart !== undefined) this.#options.restart(call, got.restart);
      else if (got.failure !== undefined) reply({ status: 'refused', failure: got.failure });
      else reply({ status: 'values', values: valuesOf(got.found) });
    });
  }

  #write(call: Call, key: Key, write: WriteOperation, reply: Reply): void {
    const base = call.session;
    const trace = call.told?.take('cache.write') ?? false;
    const asker = { node: call.node, session: base, trace };
    call.writesWaiting += 1;
    this.#options.cache.write(asker, { key, write }, (session, failure) => {
      call.writesWaiting -= 1;
      if (!this.#absorb(call, base, session)) return;
      const { onWritten } = call;
      if (onWritten === undefined) reply(doneOr(failure));
      else if (call.writesWaiting === 0 || failure !== undefined) {
        call.onWritten = undefined;
        onWritten(failure);
      }
    });
  }

  /** A function may return before what it has written is answered: that counts all the same. */
  whenWritten(call: Call, then: (failure: Failure | undefined) => void): void {
    if (call.writesWaiting === 0) then(undefined);
    else call.onWritten = then;
  }

  /**
   * Requests of one function may overlap; what each of them added is joined. False when what they
   * read does not go together.
   */
  #absorb(call: Call, base: Session, next: Session): boolean {
    if (next === base || next === call.session) return true;
    if (call.session === base) {
      call.session = next;
      return true;
    }
    const merged = this.#options.strategies.mergeSessions([call.session, next]);
    call.session = merged.session;
    const [conflict] = merged.conflicts;
    if (conflict === undefined) return true;
    const cause = `${call.node} read ${conflict} in versions that do not go together.`;
    this.#options.restart(call, reasonOf(merged, cause));
    return false;
  }

  #flush(call: Call, reply: Reply): void {
    const { invocation, attempt } = call.run;
    const { ports, address } = this.#options;
    this.#lastFlush += 1;
    const message: MessageOf<'scheduler.flush'> = {
      type: 'scheduler.flush',
      invocation,
      attempt,
      node: call.node,
      from: address,
      flush: this.#lastFlush,
      session: call.session,
    };
    const retry = (): Cancel =>
      ports.timers.after(REQUEST_RETRY_MS, () => {
        flush.cancelRetry = retry();
        ports.transport.send(SCHEDULER, message);
      });
    const flush: Flush = { call, reply, cancelRetry: retry() };
    this.#flushes.set(message.flush, flush);
    ports.transport.send(SCHEDULER, message);
  }
}

const doneOr = (failure: Failure | undefined): LibraryReply =>
  failure === undefined ? { status: 'done' } : { status: 'refused', failure };

const siblingValues = (found: CapsuleOrAbsent | undefined): readonly EncodedValue[] => {
  if (found === undefined || found === 'absent') return [];
  if (found.kind !== 'register') {
    const value = valueOf(found);
    return value === undefined ? [] : [value];
  }
  return siblingsOf(found).flatMap(({ value }) => (value === null ? [] : [value]));
};
