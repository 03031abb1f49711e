/**
 * `cloud.flush()`: commits what a session has written so far, as a commit of its own. A flush that
 * is asked for again, because its answer was lost, is made once and answered again.
 */
import type { Failure, MessageOf } from '@stormglass/core';
import type { Ports } from '../ports/ports.ts';
import { sendFinish } from './attempt-messages.ts';
import { nextCommit, type Invocation } from './invocation.ts';
import type { StorageLink } from './storage-link.ts';

type FlushMessage = MessageOf<'scheduler.flush'>;

export class Flushes {
  readonly #ports: Ports;
  readonly #storage: StorageLink;

  constructor(options: { readonly ports: Ports; readonly storage: StorageLink }) {
    this.#ports = options.ports;
    this.#storage = options.storage;
  }

  /** @param invocation runs the attempt that asks */
  onFlush(invocation: Invocation, message: FlushMessage): void {
    const { session } = message;
    const id = `${message.node}.${message.flush}`;
    const known = invocation.flushes.get(id);
    if (known !== undefined) {
      if (known.state === 'over') this.#answer(message, known.failure);
      return;
    }
    if (session.writes.size === 0) {
      this.#answer(message, undefined);
      return;
    }
    const { flushes } = invocation;
    flushes.set(id, { state: 'under way' });
    this.#storage.commit(nextCommit(invocation, session.writes), ({ failure }) => {
      if (invocation.attempt === message.attempt) flushes.set(id, { state: 'over', failure });
      if (failure === undefined) {
        const { attempt } = message;
        const caches = session.touched;
        const finish = { caches, committed: session.writes, final: false, attempt };
        sendFinish(invocation, finish, this.#ports);
      }
      this.#answer(message, failure);
    });
  }

  #answer(message: FlushMessage, failure: Failure | undefined): void {
    this.#ports.transport.send(message.from, {
      type: 'executor.flushed',
      invocation: message.invocation,
      attempt: message.attempt,
      node: message.node,
      flush: message.flush,
      failure,
    });
  }
}
