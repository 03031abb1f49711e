/**
 * Before an attempt that follows a conflict: one version of each conflicting key is pinned on one
 * cache, and the session that knows them is what all sources start with (protocols.md 2.5).
 */
import {
  cacheAddress,
  SCHEDULER,
  type Key,
  type MessageOf,
  type Session,
  type WorkerId,
} from '@stormglass/core';
import { firstRequest } from '../limits.ts';
import type { Transport } from '../ports/transport.ts';

type Got = MessageOf<'cache.got'>;

export class SeededPins {
  readonly #transport: Transport;
  readonly #waiting = new Map<number, (got: Got) => void>();
  #lastRequest: number;

  constructor(transport: Transport, incarnation: number) {
    this.#lastRequest = firstRequest(incarnation);
    this.#transport = transport;
  }

  /** `then` never runs when the cache is lost: the attempt is not the current one any more then. */
  pin(
    on: WorkerId,
    seed: {
      readonly session: Session;
      readonly keys: Iterable<Key>;
      readonly trace: boolean;
    },
    then: (got: Got) => void,
  ): void {
    this.#lastRequest += 1;
    this.#waiting.set(this.#lastRequest, then);
    this.#transport.send(cacheAddress(on), {
      type: 'cache.pin',
      request: this.#lastRequest,
      from: SCHEDULER,
      session: seed.session,
      keys: [...seed.keys].toSorted(),
      trace: seed.trace,
    });
  }

  onGot(got: Got): void {
    const then = this.#waiting.get(got.request);
    this.#waiting.delete(got.request);
    then?.(got);
  }
}
