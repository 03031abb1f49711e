/**
 * What a coordinator asks of the other owners of keys. A request whose answer does not come is sent
 * again: all of them are idempotent.
 */
import { storageAddress, type Failure, type MessageOf, type StorageId } from '@stormglass/core';
import { firstRequest, REQUEST_RETRY_MS } from '../limits.ts';
import type { Ports } from '../ports/ports.ts';
import type { Cancel } from '../ports/timers.ts';
import type { Address } from '../ports/transport.ts';
import type { KindRequest, MergeRequest } from './storage-requests.ts';

type Request = MessageOf<'storage.merge' | 'storage.prepare' | 'storage.release'>;

interface Waiting {
  readonly answered: (failure: Failure | undefined) => void;
  cancelRetry: Cancel;
}

export class OwnerLink {
  readonly #address: Address;
  readonly #ports: Ports;
  readonly #waiting = new Map<number, Waiting>();
  #lastRequest: number;

  constructor(options: {
    readonly address: Address;
    readonly incarnation: number;
    readonly ports: Ports;
  }) {
    this.#address = options.address;
    this.#ports = options.ports;
    this.#lastRequest = firstRequest(options.incarnation);
  }

  prepare(owner: StorageId, request: KindRequest, answered: Waiting['answered']): void {
    this.#ask(owner, answered, (number) => ({
      type: 'storage.prepare',
      request: number,
      from: this.#address,
      commit: request.commit,
      kinds: request.kinds.map(([key, kind]) => [key, kind]),
    }));
  }

  merge(owner: StorageId, request: MergeRequest, answered: Waiting['answered']): void {
    this.#ask(owner, answered, (number) => ({
      type: 'storage.merge',
      request: number,
      from: this.#address,
      space: request.space,
      writes: request.writes.map(([key, capsule]) => [key, capsule]),
      invocation: request.invocation,
      trace: request.trace,
    }));
  }

  release(owner: StorageId, commit: string): void {
    this.#ask(
      owner,
      () => undefined,
      (request) => ({
        type: 'storage.release',
        request,
        from: this.#address,
        commit,
      }),
    );
  }

  onStored(message: MessageOf<'stored'>): void {
    const waiting = this.#waiting.get(message.request);
    if (waiting === undefined) return;
    this.#waiting.delete(message.request);
    waiting.cancelRetry();
    waiting.answered(message.failure);
  }

  close(): void {
    for (const { cancelRetry } of this.#waiting.values()) cancelRetry();
    this.#waiting.clear();
  }

  #ask(
    owner: StorageId,
    answered: Waiting['answered'],
    messageOf: (number: number) => Request,
  ): void {
    this.#lastRequest += 1;
    const message = messageOf(this.#lastRequest);
    const to = storageAddress(owner);
    const retry = (): Cancel =>
      this.#ports.timers.after(REQUEST_RETRY_MS, () => {
        waiting.cancelRetry = retry();
        this.#ports.transport.send(to, message);
      });
    const waiting: Waiting = { answered, cancelRetry: retry() };
    this.#waiting.set(message.request, waiting);
    this.#ports.transport.send(to, message);
  }
}
