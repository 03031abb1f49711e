/**
 * The client role: turns what an application wants into messages, and the answers into promises.
 * It owns the requests under way and loses them with the process.
 * It promises that what it answers with success is durable.
 */
import {
  CLIENT,
  deletion,
  nextTimestamp,
  newestTimestamp,
  registerOf,
  registerWrite,
  SCHEDULER,
  storageAddress,
  versionOf,
  EMPTY_CLOCK,
  NO_DEPENDENCIES,
  fail,
  succeed,
  type ArgumentMap,
  type Capsule,
  type ConsistencyLevel,
  type EncodedValue,
  type HybridTimestamp,
  type InvocationId,
  type Key,
  type MessageOf,
  type Result,
  type RoleMessage,
  type VectorClock,
  type WriterId,
} from '@stormglass/core';
import type { Ownership } from '../ports/ownership.ts';
import type { Ports } from '../ports/ports.ts';
import type { Role } from '../ports/transport.ts';

export type RegistryChange = MessageOf<'scheduler.register'>['change'];
export type InvocationAnswer = MessageOf<'invoked'>;

export interface InvocationRequest {
  readonly invocation: InvocationId;
  readonly target: { readonly dag: string } | { readonly function: string };
  readonly arguments: ArgumentMap;
  readonly consistency?: ConsistencyLevel | undefined;
  readonly sessionToken?: string | undefined;
  readonly store?: Key | undefined;
  readonly timeoutMs?: number | undefined;
  readonly trace: boolean;
}

export interface ClientOptions {
  readonly ports: Ports;
  readonly ring: Ownership;
  /** Names what this client writes; never used before in this cluster. */
  readonly writer: WriterId;
}

type Answer = MessageOf<'got' | 'stored' | 'scanned' | 'registered' | 'invoked'>;

export class Client implements Role {
  readonly address = CLIENT;
  readonly #ports: Ports;
  readonly #ring: Ownership;
  readonly #writer: WriterId;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #lastRequest = 0;
  #lastCounter = 0;
  #lastTimestamp: HybridTimestamp = 0;

  constructor(options: ClientOptions) {
    this.#ports = options.ports;
    this.#ring = options.ring;
    this.#writer = options.writer;
  }

  close(): void {
    this.#waiting.clear();
  }

  receive(message: RoleMessage): void {
    switch (message.type) {
      case 'got':
      case 'stored':
      case 'scanned':
      case 'registered':
      case 'invoked': {
        const answered = this.#waiting.get(message.request);
        this.#waiting.delete(message.request);
        answered?.(message);
        break;
      }
      default:
        break;
    }
  }

  register(change: RegistryChange): Promise<MessageOf<'registered'>> {
    return this.#ask('registered', (request) =>
      this.#ports.transport.send(SCHEDULER, {
        type: 'scheduler.register',
        request,
        from: this.address,
        change,
      }),
    );
  }

  invoke(invocation: InvocationRequest): Promise<InvocationAnswer> {
    return this.#ask('invoked', (request) =>
      this.#ports.transport.send(SCHEDULER, {
        type: 'scheduler.invoke',
        request,
        from: this.address,
        ...invocation,
      }),
    );
  }

  cancel(invocation: InvocationId): void {
    this.#ports.transport.send(SCHEDULER, { type: 'scheduler.cancel', invocation });
  }

  /** What storage holds, tombstones included. */
  async get(key: Key): Promise<Capsule | undefined> {
    const got = await this.#ask('got', (request) =>
      this.#ports.transport.send(this.#ownerOf(key), {
        type: 'storage.get',
        request,
        from: this.address,
        space: 'user',
        key,
        subscribe: false,
      }),
    );
    return got.found === 'absent' ? undefined : got.found;
  }

  /** Replaces everything that the key holds; a register only. */
  async put(key: Key, value: EncodedValue): Promise<Result<VectorClock>> {
    const held = await this.get(key);
    if (held !== undefined && held.kind !== 'register') {
      return fail({
        type: 'lattice-mismatch',
        key,
        detail: `${JSON.stringify(key)} holds a ${held.kind}; a put writes a register. Delete it first.`,
      });
    }
    const timestamp = this.#tick(held);
    this.#lastCounter += 1;
    const write = registerWrite({
      level: 'lww',
      value,
      seen: held,
      past: NO_DEPENDENCIES,
      key,
      writer: this.#writer,
      counter: this.#lastCounter,
      timestamp,
    });
    return this.#merge(key, registerOf(write));
  }

  /** Writes a tombstone; on a key that never was, nothing happens and the version is empty. */
  async delete(key: Key): Promise<Result<VectorClock>> {
    const held = await this.get(key);
    if (held === undefined) return succeed(EMPTY_CLOCK);
    this.#lastCounter += 1;
    const tombstone = deletion(held, {
      writer: this.#writer,
      counter: this.#lastCounter,
      timestamp: this.#tick(held),
      dependencies: NO_DEPENDENCIES,
      key,
    });
    return this.#merge(key, tombstone);
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
        this.#ask('scanned', (request) =>
          this.#ports.transport.send(storageAddress(node), {
            type: 'storage.scan',
            request,
            from: this.address,
            space: 'user',
            ...range,
          }),
        ),
      ),
    );
    const entries = answers
      .flatMap((answer) => answer.entries)
      .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    const complete = entries.length <= range.limit && answers.every((answer) => answer.complete);
    return { entries: entries.slice(0, range.limit), complete };
  }

  async #merge(key: Key, capsule: Capsule): Promise<Result<VectorClock>> {
    const stored = await this.#ask('stored', (request) =>
      this.#ports.transport.send(this.#ownerOf(key), {
        type: 'storage.merge',
        request,
        from: this.address,
        space: 'user',
        writes: [[key, capsule]],
        trace: true,
      }),
    );
    if (stored.failure !== undefined) return fail(stored.failure);
    return succeed(stored.versions[0]?.[1] ?? versionOf(capsule));
  }

  #ownerOf(key: Key): string {
    return storageAddress(this.#ring.ownerOf('user', key));
  }

  #tick(held: Capsule | undefined): HybridTimestamp {
    const seen = held === undefined ? 0 : newestTimestamp(held);
    const previous = Math.max(this.#lastTimestamp, seen);
    this.#lastTimestamp = nextTimestamp(previous, this.#ports.clock.wallMs(), this.#writer);
    return this.#lastTimestamp;
  }

  #ask<Type extends Answer['type']>(
    type: Type,
    send: (request: number) => void,
  ): Promise<MessageOf<Type>> {
    this.#lastRequest += 1;
    const request = this.#lastRequest;
    return new Promise((resolve, reject) => {
      this.#waiting.set(request, (answer) => {
        if (isOfType(answer, type)) resolve(answer);
        else reject(new Error(`Expected ${type}, got ${answer.type}`));
      });
      send(request);
    });
  }
}

const isOfType = <Type extends Answer['type']>(
  answer: Answer,
  type: Type,
): answer is Extract<Answer, { type: Type }> & MessageOf<Type> => answer.type === type;
