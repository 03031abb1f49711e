/**
 * What the scheduler asks of storage: requests by number, answers to whoever asked. A write that is
 * not answered is sent again, because the storage node may have been restarted; it joins the same
 * dots, so twice is once.
 */
import {
  must,
  SCHEDULER,
  storageAddress,
  type Capsule,
  type Key,
  type MessageOf,
  type Session,
  type Space,
} from '@stormglass/core';
import type { Ownership } from '../ports/ownership.ts';
import type { Cancel, Timers } from '../ports/timers.ts';
import type { Address, Transport } from '../ports/transport.ts';

type Stored = MessageOf<'stored'>;
type Scanned = MessageOf<'scanned'>;

/** Entries of a registry space that one answer brings. */
const SCAN_LIMIT = 10_000;
const WRITE_RETRY_MS = 1_000;

export class StorageLink {
  readonly #transport: Transport;
  readonly #timers: Timers;
  readonly #ring: Ownership;
  readonly #stored = new Map<
    number,
    { readonly answered: (stored: Stored) => void; cancelRetry: Cancel }
  >();
  readonly #scanned = new Map<number, (scanned: Scanned) => void>();
  #lastRequest = 0;

  constructor(options: {
    readonly transport: Transport;
    readonly timers: Timers;
    readonly ring: Ownership;
  }) {
    this.#transport = options.transport;
    this.#timers = options.timers;
    this.#ring = options.ring;
  }

  merge(space: Space, key: Key, capsule: Capsule, then: (stored: Stored) => void): void {
    this.#write(storageAddress(this.#ring.ownerOf(space, key)), then, {
      type: 'storage.merge',
      request: this.#next(),
      from: SCHEDULER,
      space,
      writes: [[key, capsule]],
      trace: false,
    });
  }

  /** @param session has written something */
  commit(session: Session, trace: boolean, then: (stored: Stored) => void): void {
    const [first] = session.writes.keys();
    const coordinator = this.#ring.ownerOf('user', must(first, 'there is a write to commit'));
    this.#write(storageAddress(coordinator), then, {
      type: 'storage.commit',
      request: this.#next(),
      from: SCHEDULER,
      invocation: session.invocation,
      attempt: session.attempt,
      writes: [...session.writes],
      trace,
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
      this.#transport.send(storageAddress(node), { type: 'storage.forget', cache });
    }
  }

  onStored(message: Stored): void {
    const write = this.#stored.get(message.request);
    if (write === undefined) return;
    this.#stored.delete(message.request);
    write.cancelRetry();
    write.answered(message);
  }

  close(): void {
    for (const { cancelRetry } of this.#stored.values()) cancelRetry();
    this.#stored.clear();
  }

  onScanned(message: Scanned): void {
    const then = this.#scanned.get(message.request);
    this.#scanned.delete(message.request);
    then?.(message);
  }

  #write(
    to: Address,
    answered: (stored: Stored) => void,
    message: MessageOf<'storage.merge' | 'storage.commit'>,
  ): void {
    const retry = (): Cancel =>
      this.#timers.after(WRITE_RETRY_MS, () => {
        write.cancelRetry = retry();
        this.#transport.send(to, message);
      });
    const write = { answered, cancelRetry: retry() };
    this.#stored.set(message.request, write);
    this.#transport.send(to, message);
  }

  #scan(to: string, space: Space, after: Key | undefined, each: (scanned: Scanned) => void): void {
    const request = this.#next();
    this.#scanned.set(request, (scanned) => {
      each(scanned);
      if (!scanned.complete) this.#scan(to, space, scanned.entries.at(-1)?.[0] ?? after, each);
    });
    this.#transport.send(to, {
      type: 'storage.scan',
      request,
      from: SCHEDULER,
      space,
      prefix: '',
      after,
      limit: SCAN_LIMIT,
    });
  }

  #next(): number {
    this.#lastRequest += 1;
    return this.#lastRequest;
  }
}
