/**
 * What the client role writes to single keys, for whoever uses the API without a function: puts and
 * deletes, also those that their client has named and may send again.
 */
import {
  must,
  joinCapsules,
  isMismatch,
  deletion,
  nextTimestamp,
  newestTimestamp,
  registerOf,
  registerWrite,
  toVersionVector,
  versionOf,
  EMPTY_CLOCK,
  NO_DEPENDENCIES,
  fail,
  succeed,
  type Capsule,
  type EncodedValue,
  type HybridTimestamp,
  type InvocationAnswer,
  type InvocationId,
  type Key,
  type MessageOf,
  type RequestIdentity,
  type Result,
  type VectorClock,
  type WriterId,
} from '@stormglass/core';
import type { Clock } from '../ports/clock.ts';
import { keyReused, type RequestClaims } from './request-claims.ts';

/** `null` deletes. */
export interface KeyWrite {
  readonly key: Key;
  readonly value: EncodedValue | null;
}

/** `version` as JSON text. */
export interface NamedWrite {
  readonly version: EncodedValue;
  readonly isReplayed: boolean;
}

type Unaddressed<Type extends 'storage.merge' | 'storage.commit'> = Omit<
  MessageOf<Type>,
  'request' | 'from'
>;

export interface KeyWriterOptions {
  /** Never used before in this cluster. */
  readonly writer: WriterId;
  readonly clock: Clock;
  readonly claims: RequestClaims;
  readonly get: (key: Key) => Promise<Capsule | undefined>;
  /** Asks the owner of a key until it answers. */
  readonly store: (
    owned: string,
    message: Unaddressed<'storage.merge'> | Unaddressed<'storage.commit'>,
  ) => Promise<MessageOf<'stored'>>;
}

export class KeyWriter {
  readonly #options: KeyWriterOptions;
  /** By key, the writes that storage has not answered, joined. */
  readonly #unanswered = new Map<Key, { readonly capsule: Capsule; readonly writes: number }>();
  #lastCounter = 0;
  #lastNamed = 0;
  #lastTimestamp: HybridTimestamp = 0;

  constructor(options: KeyWriterOptions) {
    this.#options = options;
  }

  async write({ key, value }: KeyWrite): Promise<Result<VectorClock>> {
    const made = await this.#make(key, value);
    if (!made.ok) return made;
    return made.value === undefined ? succeed(EMPTY_CLOCK) : this.#merge(key, made.value);
  }

  /**
   * A put, or a delete where the value is `null`, that its client has named: made once, and answered
   * the same whenever it comes again. The version is that of the write and of what it replaced.
   */
  async writeOnce(
    identity: RequestIdentity,
    { key, value }: KeyWrite,
  ): Promise<Result<NamedWrite>> {
    const { writer, claims } = this.#options;
    this.#lastNamed += 1;
    const invocation = `${writer}.put${this.#lastNamed}`;
    const claim = await claims.claim(identity, invocation);
    switch (claim.state) {
      case 'answered':
        return succeed({ version: versionOfAnswer(claim.answer, key), isReplayed: true });
      case 'reused':
        return fail(keyReused(identity.key, claim.differs));
      case 'running': {
        const answer = await claim.answer;
        if (answer === undefined) return this.writeOnce(identity, { key, value });
        return succeed({ version: versionOfAnswer(answer, key), isReplayed: true });
      }
      case 'new': {
        const made = await this.#make(key, value);
        const committed = made.ok
          ? await this.#commit(identity, invocation, { key, capsule: made.value })
          : made;
        claims.settle(identity.key, committed.ok ? committed.value : undefined);
        if (!committed.ok) return committed;
        return succeed({ version: versionOfAnswer(committed.value, key), isReplayed: false });
      }
    }
  }

  /** `undefined` where there is nothing to delete. */
  async #make(key: Key, value: EncodedValue | null): Promise<Result<Capsule | undefined>> {
    const held = await this.#options.get(key);
    if (value !== null && held !== undefined && held.kind !== 'register') {
      return fail({
        type: 'lattice-mismatch',
        key,
        detail: `${JSON.stringify(key)} holds a ${held.kind}; a put writes a register. Delete it first.`,
      });
    }
    if (value === null && held === undefined) return succeed(undefined);
    this.#lastCounter += 1;
    const by = {
      writer: this.#options.writer,
      counter: this.#lastCounter,
      timestamp: this.#tick(held),
      key,
    };
    if (value === null && held !== undefined) {
      return succeed(deletion(held, { ...by, dependencies: NO_DEPENDENCIES }));
    }
    const write = { level: 'lww', value, seen: held, past: NO_DEPENDENCIES, ...by } as const;
    return succeed(registerOf(registerWrite(write)));
  }

  /** Makes the answer durable together with the write. */
  async #commit(
    identity: RequestIdentity,
    invocation: InvocationId,
    { key, capsule }: { readonly key: Key; readonly capsule: Capsule | undefined },
  ): Promise<Result<InvocationAnswer>> {
    const sent = capsule && this.#withUnanswered(key, capsule);
    const clock = sent === undefined ? EMPTY_CLOCK : versionOf(sent);
    const answer: InvocationAnswer = {
      invocation,
      consistency: 'lww',
      attempts: 1,
      durationUs: 0,
      results: new Map([[key, JSON.stringify(toVersionVector(clock))]]),
      sessionToken: '',
    };
    const stored = await this.#options.store(identity.key, {
      type: 'storage.commit',
      invocation,
      attempt: 1,
      ordinal: 1,
      writes: sent === undefined ? [] : [[key, sent]],
      kept: { identity, answer },
      trace: true,
    });
    if (sent !== undefined) this.#forgetAnswered(key);
    return stored.failure === undefined ? succeed(stored.earlier ?? answer) : fail(stored.failure);
  }

  async #merge(key: Key, capsule: Capsule): Promise<Result<VectorClock>> {
    const sent = this.#withUnanswered(key, capsule);
    const stored = await this.#options.store(key, {
      type: 'storage.merge',
      space: 'user',
      writes: [[key, sent]],
      trace: true,
    });
    this.#forgetAnswered(key);
    if (stored.failure !== undefined) return fail(stored.failure);
    return succeed(stored.versions[0]?.[1] ?? versionOf(capsule));
  }

  /**
   * One may be lost and sent again after the next one: nobody may know a dot of this writer without
   * the earlier ones (a_latest, protocols.md 2.4).
   */
  #withUnanswered(key: Key, capsule: Capsule): Capsule {
    const before = this.#unanswered.get(key);
    const joined = before === undefined ? capsule : joinCapsules(before.capsule, capsule);
    const sent = isMismatch(joined) ? capsule : joined;
    this.#unanswered.set(key, { capsule: sent, writes: (before?.writes ?? 0) + 1 });
    return sent;
  }

  #forgetAnswered(key: Key): void {
    const { capsule, writes } = must(this.#unanswered.get(key), 'what was sent is known');
    if (writes === 1) this.#unanswered.delete(key);
    else this.#unanswered.set(key, { capsule, writes: writes - 1 });
  }

  #tick(held: Capsule | undefined): HybridTimestamp {
    const seen = held === undefined ? 0 : newestTimestamp(held);
    const previous = Math.max(this.#lastTimestamp, seen);
    this.#lastTimestamp = nextTimestamp(
      previous,
      this.#options.clock.wallMs(),
      this.#options.writer,
    );
    return this.#lastTimestamp;
  }
}

/** JSON text of the version that a write of `key` was answered with. */
const versionOfAnswer = ({ results }: InvocationAnswer, key: Key): EncodedValue =>
  must(results.get(key), 'the answer to a write names its key');
