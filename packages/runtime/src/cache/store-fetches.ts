/**
 * Fetches from storage: one outstanding request a key however many readers wait (T13), and
 * admission to the causal cut of what comes, with the dependencies it needs.
 */
import { storageAddress, type Key, type MessageOf } from '@stormglass/core';
import { REQUEST_RETRY_MS } from '../limits.ts';
import type { Cancel } from '../ports/timers.ts';
import { planAdmission } from './admit.ts';
import type { CacheState } from './cache-state.ts';

export class StoreFetches {
  readonly #state: CacheState;
  /** Readers by key, waiting for storage's answer. */
  readonly #waiting = new Map<Key, (() => void)[]>();
  /** An answer that does not come is asked for again. */
  readonly #cancelRetry = new Map<Key, Cancel>();
  /** Readers by key, waiting until a version enters the cut. */
  readonly #parked = new Map<Key, (() => void)[]>();
  /** Keys whose newest version has not entered the cut yet. */
  readonly #outside = new Set<Key>();

  constructor(state: CacheState) {
    this.#state = state;
  }

  /** Asks storage and runs `then` when the answer is here, and for `wantsCut` when it is in the cut. */
  fetch(key: Key, wantsCut: boolean, then: () => void): void {
    const answered = wantsCut ? () => this.#whenAdmitted(key, then) : then;
    const waiting = this.#waiting.get(key);
    if (waiting !== undefined) {
      waiting.push(answered);
      return;
    }
    this.#waiting.set(key, [answered]);
    this.#ask(key);
  }

  #ask(key: Key): void {
    this.#cancelRetry.set(
      key,
      this.#state.ports.timers.after(REQUEST_RETRY_MS, () => this.#ask(key)),
    );
    this.#state.ports.transport.send(storageAddress(this.#state.ring.ownerOf('user', key)), {
      type: 'storage.get',
      request: this.#state.nextRequest(),
      from: this.#state.address,
      space: 'user',
      key,
      subscribe: true,
    });
  }

  /** Whether storage has been asked and has not answered. */
  isFetching(key: Key): boolean {
    return this.#waiting.has(key);
  }

  onGot(message: MessageOf<'got'>): void {
    this.#cancelRetry.get(message.key)?.();
    this.#cancelRetry.delete(message.key);
    this.#state.learn(message.key, message.found);
    this.tryAdmit(message.key);
    const waiting = this.#waiting.get(message.key) ?? [];
    this.#waiting.delete(message.key);
    for (const answered of waiting) answered();
  }

  /**
   * Takes the newest version of `key` into the cut if its dependencies allow it, otherwise fetches
   * what is missing.
   */
  tryAdmit(key: Key): void {
    this.#outside.add(key);
    for (const candidate of [...this.#outside]) {
      if (!this.#outside.has(candidate)) continue;
      const { versions, strategies } = this.#state;
      const plan = planAdmission(candidate, (other) => versions.peek(other), strategies);
      for (const [dependency] of plan.missing) {
        if (!this.#waiting.has(dependency)) this.fetch(dependency, false, () => undefined);
      }
      if (plan.group.length === 0) continue;
      versions.admit(plan.group);
      for (const member of plan.group) {
        this.#outside.delete(member);
        const parked = this.#parked.get(member) ?? [];
        this.#parked.delete(member);
        for (const admitted of parked) admitted();
      }
    }
  }

  close(): void {
    for (const cancel of this.#cancelRetry.values()) cancel();
  }

  /** A key was evicted: nobody waits for it to enter the cut any more. */
  forget(key: Key): void {
    this.#outside.delete(key);
  }

  #whenAdmitted(key: Key, then: () => void): void {
    if (!this.#outside.has(key)) then();
    else this.#parked.set(key, [...(this.#parked.get(key) ?? []), then]);
  }
}
