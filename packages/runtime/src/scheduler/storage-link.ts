/**
 * What the scheduler asks of storage: requests by number, answers to whoever asked. A request that
 * is not answered is sent again, because it may be lost, or the storage node restarted; a write
 * joins the same dots, so twice is once.
 */
import {
  must,
  SCHEDULER,
  storageAddress,
  type Capsule,
  type InvocationId,
  type KeptAnswer,
  type Key,
  type MessageOf,
  type Space,
} from '@stormglass/core';
import type { Ownership } from '../ports/ownership.ts';
import { firstRequest, REQUEST_RETRY_MS } from '../limits.ts';
import type { Ports } from '../ports/ports.ts';
import type { Cancel } from '../ports/timers.ts';
import type { Address } from '../ports/transport.ts';

type Stored = MessageOf<'stored'>;
type Scanned = MessageOf<'scanned'>;

/** Entries of a registry space that one answer brings. */
const SCAN_LIMIT = 10_000;

type Request = MessageOf<'storage.merge' | 'storage.commit' | 'storage.scan'>;

interface Waiting {
  readonly answered: (answer: Stored | Scanned) => void;
  cancelRetry: Cancel;
}

/** What becomes durable as one. */
export interface CommitRequest {
  readonly invocation: InvocationId;
  readonly attempt: number;
  /** Counts the commits of the invocation. */
  readonly ordinal: number;
  readonly writes: ReadonlyMap<Key, Capsule>;
  /** The answer that becomes durable with the writes; there is one when nothing is written. */
  readonly kept?: KeptAnswer | undefined;
  readonly trace: boolean;
}

export class StorageLink {
  readonly #ports: Ports;
  readonly #ring: Ownership;
  readonly #waiting = new Map<number, Waiting>();
  #lastRequest: number;

  constructor(options: {
    readonly ports: Ports;
    readonly ring: Ownership;
    readonly incarnation: number;
  }) {
    this.#ports = options.ports;
    this.#ring = options.ring;
    this.#lastRequest = firstRequest(options.incarnation);
  }

  merge(space: Space, key: Key, capsule: Capsule, then: (stored: Stored) => void): void {
    const message: MessageOf<'storage.merge'> = {
      type: 'storage.merge',
      request: this.#next(),
      from: SCHEDULER,
      space,
      writes: [[key, capsule]],
      trace: false,
    };
    this.#ask(storageAddress(this.#ring.ownerOf(space, key)), message, (answer) => {
      if (answer.type === 'stored') then(answer);
    });
  }

  commit(commit: CommitRequest, then: (stored: Stored) => void): void {
    const [first] = commit.writes.keys();
    // An answer is looked for where its request leads, so its node coordinates.
    const place = commit.kept?.identity.key ?? first;
    const coordinator = this.#ring.ownerOf('user', must(place, 'there is something to commit'));
    const message: MessageOf<'storage.commit'> = {
      type: 'storage.commit',
      request: this.#next(),
      from: SCHEDULER,
      ...commit,
      writes: [...commit.writes],
    };
    this.#ask(storageAddress(coordinator), message, (answer) => {
      if (answer.type === 'stored') then(answer);
    });
  }

  /** Everything in a space, from every storage node. */
  scanAll(space: Space, then: (entries: readonly (readonly [Key, Capsule])[]) => void): void {
    const entries: (readonly [Key, Capsule])[] = [];
    let waitingFor = this.#ring.nodes.length;
    for (const node of this.#ring.nodes) {
      this.#scan(storageAddress(node), space, undefined, (scanned) => {
        entries.push(...scanned.entries);
        if (!scanned.complete) return;
        waitingFor -= 1;
        if (waitingFor === 0) then(entries);
      });
    }
  }

  forgetCache(cache: string): void {
    for (const node of this.#ring.nodes) {
      this.#ports.transport.send(storageAddress(node), { type: 'storage.forget', cache });
    }
  }

  onAnswer(message: Stored | Scanned): void {
    const waiting = this.#waiting.get(message.request);
    if (waiting === undefined) return;
    this.#waiting.delete(message.request);
    waiting.cancelRetry();
    waiting.answered(message);
  }

  close(): void {
    for (const { cancelRetry } of this.#waiting.values()) cancelRetry();
    this.#waiting.clear();
  }

  #ask(to: Address, message: Request, answered: Waiting['answered']): void {
    const retry = (): Cancel =>
      this.#ports.timers.after(REQUEST_RETRY_MS, () => {
        waiting.cancelRetry = retry();
        this.#ports.transport.send(to, message);
      });
    const waiting: Waiting = { answered, cancelRetry: retry() };
    this.#waiting.set(message.request, waiting);
    this.#ports.transport.send(to, message);
  }

  #scan(to: string, space: Space, after: Key | undefined, each: (scanned: Scanned) => void): void {
    const message: MessageOf<'storage.scan'> = {
      type: 'storage.scan',
      request: this.#next(),
      from: SCHEDULER,
      space,
      prefix: '',
      after,
      limit: SCAN_LIMIT,
    };
    this.#ask(to, message, (answer) => {
      if (answer.type !== 'scanned') return;
      each(answer);
      if (!answer.complete) this.#scan(to, space, answer.entries.at(-1)?.[0] ?? after, each);
    });
  }

  #next(): number {
    this.#lastRequest += 1;
    return this.#lastRequest;
  }
}
