/**
 * The client role: turns what an application wants into messages, and the answers into promises.
 * It owns the requests under way and loses them with the process.
 * It promises that what it answers with success is durable.
 */
import {
  CLIENT,
  SCHEDULER,
  storageAddress,
  fail,
  succeed,
  type ArgumentMap,
  type Capsule,
  type ConsistencyLevel,
  type EncodedValue,
  type InvocationAnswer,
  type InvocationId,
  type KeptAnswer,
  type Key,
  type MessageOf,
  type RequestIdentity,
  type Result,
  type RoleMessage,
  type VectorClock,
  type WriterId,
} from '@stormglass/core';
import { firstRequest, REQUEST_RETRY_MS } from '../limits.ts';
import type { Ownership } from '../ports/ownership.ts';
import type { Ports } from '../ports/ports.ts';
import type { Cancel } from '../ports/timers.ts';
import type { Address, Role } from '../ports/transport.ts';
import { KeyWriter, type KeyWrite, type NamedWrite } from './key-writer.ts';
import { keyReused, RequestClaims, type Claim } from './request-claims.ts';

export type RegistryChange = MessageOf<'scheduler.register'>['change'];

export interface InvocationRequest {
  readonly invocation: InvocationId;
  readonly target: { readonly dag: string } | { readonly function: string };
  readonly arguments: ArgumentMap;
  /** The answer is kept for it; see {@link Client.claim}. */
  readonly identity?: RequestIdentity | undefined;
  readonly consistency?: ConsistencyLevel | undefined;
  readonly sessionToken?: string | undefined;
  readonly store?: Key | undefined;
  readonly timeoutMs?: number | undefined;
  readonly trace: boolean;
}

export interface ClientOptions {
  readonly ports: Ports;
  readonly ring: Ownership;
  /** Grows with every start of the client role. */
  readonly incarnation: number;
  /** Names what this client writes; never used before in this cluster. */
  readonly writer: WriterId;
}

type Answer = MessageOf<'got' | 'stored' | 'scanned' | 'recalled' | 'registered' | 'invoked'>;

interface Waiting {
  readonly answered: (answer: Answer) => void;
  cancelRetry: Cancel;
}

export class Client implements Role {
  readonly address = CLIENT;
  readonly #ports: Ports;
  readonly #ring: Ownership;
  readonly #waiting = new Map<number, Waiting>();
  readonly #claims = new RequestClaims((key) => this.#recall(key));
  readonly #keys: KeyWriter;
  #lastRequest: number;

  constructor(options: ClientOptions) {
    this.#ports = options.ports;
    this.#ring = options.ring;
    this.#lastRequest = firstRequest(options.incarnation);
    this.#keys = new KeyWriter({
      writer: options.writer,
      clock: options.ports.clock,
      claims: this.#claims,
      get: (key) => this.get(key),
      store: (owned, message) =>
        this.#ask('stored', this.#ownerOf(owned), { ...message, ...this.#next() }),
    });
  }

  close(): void {
    for (const { cancelRetry } of this.#waiting.values()) cancelRetry();
    this.#waiting.clear();
  }

  receive(message: RoleMessage): void {
    switch (message.type) {
      case 'got':
      case 'stored':
      case 'scanned':
      case 'recalled':
      case 'registered':
      case 'invoked': {
        const waiting = this.#waiting.get(message.request);
        this.#waiting.delete(message.request);
        waiting?.cancelRetry();
        waiting?.answered(message);
        break;
      }
      default:
        break;
    }
  }

  register(change: RegistryChange): Promise<MessageOf<'registered'>> {
    const message = { type: 'scheduler.register', ...this.#next(), change } as const;
    return this.#askOnce('registered', SCHEDULER, message);
  }

  /** With an identity, only after {@link claim} has answered that it is the first. */
  async invoke(invocation: InvocationRequest): Promise<InvocationAnswer> {
    const message = { type: 'scheduler.invoke', ...this.#next(), ...invocation } as const;
    const invoked = await this.#askOnce('invoked', SCHEDULER, message);
    const { type: _type, request: _request, ...answer } = invoked;
    const { identity } = invocation;
    if (identity !== undefined) this.#claims.settle(identity.key, answer);
    return answer;
  }

  /**
   * Invokes it, unless the same request has been answered, or is running: then it is answered the
   * same. Another request with its key is refused.
   */
  async invokeOnce(
    invocation: InvocationRequest & { readonly identity: RequestIdentity },
  ): Promise<Result<InvocationAnswer>> {
    const claim = await this.claim(invocation.identity, invocation.invocation);
    switch (claim.state) {
      case 'new':
        return succeed(await this.invoke(invocation));
      case 'answered':
        return succeed(claim.answer);
      case 'reused':
        return fail(keyReused(invocation.identity.key, claim.differs));
      case 'running': {
        const answer = await claim.answer;
        return answer === undefined ? this.invokeOnce(invocation) : succeed(answer);
      }
    }
  }

  /** Whether this request is the first with its key. Whoever is has to invoke it, or to release it. */
  claim(identity: RequestIdentity, invocation: InvocationId): Promise<Claim> {
    return this.#claims.claim(identity, invocation);
  }

  /** It was refused before it was invoked: nothing is kept. */
  release(identity: RequestIdentity): void {
    this.#claims.settle(identity.key, undefined);
  }

  cancel(invocation: InvocationId): void {
    this.#ports.transport.send(SCHEDULER, { type: 'scheduler.cancel', invocation });
  }

  /** What storage holds, tombstones included. */
  async get(key: Key): Promise<Capsule | undefined> {
    const got = await this.#ask('got', this.#ownerOf(key), {
      type: 'storage.get',
      ...this.#next(),
      space: 'user',
      key,
      subscribe: false,
    });
    return got.found === 'absent' ? undefined : got.found;
  }

  /** Replaces everything that the key holds; a register only. */
  put(key: Key, value: EncodedValue): Promise<Result<VectorClock>> {
    return this.#keys.write({ key, value });
  }

  /** Writes a tombstone; on a key that never was, nothing happens and the version is empty. */
  delete(key: Key): Promise<Result<VectorClock>> {
    return this.#keys.write({ key, value: null });
  }

  /** A put or a delete that its client has named: see {@link KeyWriter.writeOnce}. */
  writeOnce(identity: RequestIdentity, write: KeyWrite): Promise<Result<NamedWrite>> {
    return this.#keys.writeOnce(identity, write);
  }

  /** Keys in order, deleted ones left out, from all storage nodes. */
  async scan(range: {
    readonly prefix: string;
    readonly after?: Key | undefined;
    readonly limit: number;
  }): Promise<{
    readonly entries: readonly (readonly [Key, Capsule])[];
    readonly complete: boolean;
  }> {
    const answers = await Promise.all(
      this.#ring.nodes.map((node) =>
        this.#ask('scanned', storageAddress(node), {
          type: 'storage.scan',
          ...this.#next(),
          space: 'user',
          ...range,
        }),
      ),
    );
    const entries = answers
      .flatMap((answer) => answer.entries)
      .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    const complete = entries.length <= range.limit && answers.every((answer) => answer.complete);
    return { entries: entries.slice(0, range.limit), complete };
  }

  #ownerOf(key: Key): string {
    return storageAddress(this.#ring.ownerOf('user', key));
  }

  async #recall(key: string): Promise<KeptAnswer | undefined> {
    const recalled = await this.#ask('recalled', this.#ownerOf(key), {
      type: 'storage.recall',
      ...this.#next(),
      key,
    });
    return recalled.found;
  }

  #next(): { readonly request: number; readonly from: Address } {
    this.#lastRequest += 1;
    return { request: this.#lastRequest, from: this.address };
  }

  /** Asks again until the answer is here: what storage is asked may be repeated. */
  #ask<Type extends Answer['type']>(
    type: Type,
    to: Address,
    message: RoleMessage & { readonly request: number },
  ): Promise<MessageOf<Type>> {
    const retry = (): Cancel =>
      this.#ports.timers.after(REQUEST_RETRY_MS, () => {
        const waiting = this.#waiting.get(message.request);
        if (waiting === undefined) return;
        waiting.cancelRetry = retry();
        this.#ports.transport.send(to, message);
      });
    return this.#askOnce(type, to, message, retry());
  }

  #askOnce<Type extends Answer['type']>(
    type: Type,
    to: Address,
    message: RoleMessage & { readonly request: number },
    cancelRetry: Cancel = () => undefined,
  ): Promise<MessageOf<Type>> {
    return new Promise((resolve, reject) => {
      const answered = (answer: Answer): void => {
        if (isOfType(answer, type)) resolve(answer);
        else reject(new Error(`Expected ${type}, got ${answer.type}`));
      };
      this.#waiting.set(message.request, { answered, cancelRetry });
      this.#ports.transport.send(to, message);
    });
  }
}

const isOfType = <Type extends Answer['type']>(
  answer: Answer,
  type: Type,
): answer is Extract<Answer, { type: Type }> & MessageOf<Type> => answer.type === type;
