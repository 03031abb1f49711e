/**
 * Fetches from storage: one outstanding request a key however many readers wait (T13), and
 * admission to the causal cut of what comes, with the dependencies it needs.
 */
import { storageAddress, type Key, type MessageOf } from '@stormglass/core';
import {
  LAG_RETRY_MS_MAX,
  LAG_RETRY_MS_MIN,
  REQUEST_RETRIES_MAX,
  REQUEST_RETRY_MS,
} from '../limits.ts';
import type { Cancel } from '../ports/timers.ts';
import { planAdmission } from './admit.ts';
import type { CacheState } from './cache-state.ts';
import type { Held } from './held-versions.ts';

interface Fetch {
  readonly readers: (() => void)[];
  /** Request → when it was sent. */
  readonly asked: Map<number, number>;
  retries: number;
  cancelRetry: Cancel;
}

/** A dependency that storage has answered without what is needed: another node's merge is on its way. */
interface Lag {
  delayMs: number;
  cancel: Cancel | undefined;
}

export class StoreFetches {
  readonly #state: CacheState;
  /** By key, waiting for storage's answer. */
  readonly #waiting = new Map<Key, Fetch>();
  /** Readers by key, waiting until a version enters the cut. */
  readonly #parked = new Map<Key, (() => void)[]>();
  /** Keys whose newest version has not entered the cut yet. */
  readonly #outside = new Set<Key>();
  readonly #lagging = new Map<Key, Lag>();

  constructor(state: CacheState) {
    this.#state = state;
  }

  /** Asks storage and runs `then` when the answer is here, and for `wantsCut` when it is in the cut. */
  fetch(key: Key, wantsCut: boolean, then: () => void): void {
    const answered = wantsCut ? () => this.#whenAdmitted(key, then) : then;
    const waiting = this.#waiting.get(key);
    if (waiting !== undefined) {
      waiting.readers.push(answered);
      waiting.retries = 0;
      return;
    }
    this.#start(key, [answered]);
  }

  /** Whether storage has been asked and has not answered. */
  isFetching(key: Key): boolean {
    return this.#waiting.has(key);
  }

  onGot(message: MessageOf<'got'>): void {
    const { key } = message;
    const fetch = this.#waiting.get(key);
    const sentUs = fetch?.asked.get(message.request);
    // Of a request from before the key was evicted: this cache may not be registered for it.
    if (fetch === undefined || sentUs === undefined) return;
    const { registration } = message;
    // Too old an answer; the question is asked again in a moment.
    if (registration !== undefined && !this.#state.registrations.onGot(key, registration, sentUs)) {
      return;
    }
    fetch.cancelRetry();
    this.#waiting.delete(key);
    this.#state.learn(key, message.found);
    this.tryAdmit(key);
    for (const answered of fetch.readers) answered();
  }

  /** Whether somebody waits for the key, so that it must not leave now. */
  isBusy(key: Key): boolean {
    return this.#outside.has(key) || this.#waiting.has(key) || this.#parked.has(key);
  }

  /**
   * Takes the newest version of `key` into the cut if its dependencies allow it, otherwise fetches
   * what is missing.
   */
  tryAdmit(key: Key): void {
    this.#outside.add(key);
    for (const candidate of [...this.#outside]) {
      if (!this.#outside.has(candidate)) continue;
      const { versions, registrations, strategies } = this.#state;
      const peek = (other: Key): Held | undefined => versions.peek(other);
      const isCurrent = (other: Key): boolean => registrations.isCurrent(other);
      const plan = planAdmission(candidate, { peek, isCurrent }, strategies);
      for (const [dependency] of plan.missing) this.#want(dependency);
      if (plan.group.length > 0) this.#admit(plan.group);
    }
  }

  /** A key was evicted; whoever waits for it starts over. */
  forget(key: Key): void {
    this.#outside.delete(key);
    this.#endLag(key);
    const fetch = this.#waiting.get(key);
    if (fetch !== undefined) {
      fetch.cancelRetry();
      this.#start(key, fetch.readers);
    }
    const parked = this.#parked.get(key) ?? [];
    this.#parked.delete(key);
    for (const admitted of parked) this.fetch(key, true, admitted);
  }

  close(): void {
    for (const { cancelRetry } of this.#waiting.values()) cancelRetry();
    for (const { cancel } of this.#lagging.values()) cancel?.();
  }

  #admit(group: readonly Key[]): void {
    this.#state.versions.admit(group);
    for (const member of group) {
      this.#state.registrations.note(member);
      this.#outside.delete(member);
      this.#endLag(member);
    }
    for (const member of group) {
      const parked = this.#parked.get(member) ?? [];
      this.#parked.delete(member);
      for (const admitted of parked) admitted();
    }
  }

  #start(key: Key, readers: (() => void)[]): void {
    const fetch = { readers, asked: new Map(), retries: 0, cancelRetry: () => undefined };
    this.#waiting.set(key, fetch);
    this.#ask(key, fetch);
  }

  #ask(key: Key, fetch: Fetch): void {
    const { ports, ring, address } = this.#state;
    const request = this.#state.nextRequest();
    fetch.asked.set(request, ports.clock.nowUs());
    fetch.cancelRetry = ports.timers.after(REQUEST_RETRY_MS, () => this.#retry(key, fetch));
    ports.transport.send(storageAddress(ring.ownerOf('user', key)), {
      type: 'storage.get',
      request,
      from: address,
      space: 'user',
      key,
      subscribe: true,
    });
  }

  /** The request or its answer may be lost. Those who wait have deadlines of their own. */
  #retry(key: Key, fetch: Fetch): void {
    fetch.retries += 1;
    if (fetch.retries <= REQUEST_RETRIES_MAX) this.#ask(key, fetch);
    else this.#waiting.delete(key);
  }

  /** Fetches a dependency; later and later while storage has not got it. */
  #want(key: Key): void {
    if (this.#waiting.has(key)) return;
    const lag = this.#lagging.get(key);
    if (lag === undefined) {
      this.#lagging.set(key, { delayMs: LAG_RETRY_MS_MIN, cancel: undefined });
      this.fetch(key, false, () => undefined);
      return;
    }
    lag.cancel ??= this.#state.ports.timers.after(lag.delayMs, () => {
      lag.cancel = undefined;
      lag.delayMs = Math.min(2 * lag.delayMs, LAG_RETRY_MS_MAX);
      if (!this.#waiting.has(key)) this.fetch(key, false, () => undefined);
    });
  }

  #endLag(key: Key): void {
    this.#lagging.get(key)?.cancel?.();
    this.#lagging.delete(key);
  }

  #whenAdmitted(key: Key, then: () => void): void {
    if (!this.#outside.has(key)) then();
    else this.#parked.set(key, [...(this.#parked.get(key) ?? []), then]);
  }
}
