/**
 * What an executor asks of the cache beside it: requests by number, answers to whoever asked.
 */
import {
  cacheAddress,
  type Failure,
  type Key,
  type MessageOf,
  type Session,
  type WorkerId,
  type WriteOperation,
} from '@stormglass/core';
import type { Address, Transport } from '../ports/transport.ts';

type Got = MessageOf<'cache.got'>;
type Wrote = MessageOf<'cache.wrote'>;

export interface Asker {
  readonly node: string;
  readonly session: Session;
  readonly trace: boolean;
}

export class CacheLink {
  readonly #transport: Transport;
  readonly #cache: Address;
  readonly #from: Address;
  readonly #executor: string;
  readonly #gets = new Map<number, (got: Got) => void>();
  readonly #writes = new Map<number, (wrote: Wrote) => void>();
  #lastRequest = 0;

  constructor(options: {
    readonly transport: Transport;
    readonly worker: WorkerId;
    readonly from: Address;
    readonly executor: string;
  }) {
    this.#transport = options.transport;
    this.#cache = cacheAddress(options.worker);
    this.#from = options.from;
    this.#executor = options.executor;
  }

  /** `then` may run before this returns. */
  get(asker: Asker, keys: readonly Key[], then: (got: Got) => void): void {
    this.#lastRequest += 1;
    this.#gets.set(this.#lastRequest, then);
    this.#transport.send(this.#cache, {
      type: 'cache.get',
      request: this.#lastRequest,
      from: this.#from,
      executor: this.#executor,
      ...asker,
      keys: [...keys],
    });
  }

  /** `then` may run before this returns. */
  write(
    asker: Asker,
    write: { readonly key: Key; readonly write: WriteOperation },
    then: (session: Session, failure: Failure | undefined) => void,
  ): void {
    this.#lastRequest += 1;
    this.#writes.set(this.#lastRequest, (wrote) => then(wrote.session, wrote.failure));
    this.#transport.send(this.#cache, {
      type: 'cache.write',
      request: this.#lastRequest,
      from: this.#from,
      executor: this.#executor,
      ...asker,
      ...write,
    });
  }

  onGot(message: Got): void {
    const then = this.#gets.get(message.request);
    this.#gets.delete(message.request);
    then?.(message);
  }

  onWrote(message: Wrote): void {
    const then = this.#writes.get(message.request);
    this.#writes.delete(message.request);
    then?.(message);
  }
}
