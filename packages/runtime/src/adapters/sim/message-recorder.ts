/**
 * Writes down what executors and the client hand over and get, from the messages that reach them:
 * what stands at the border of the system, whatever its events say about it.
 */
import { CLIENT, type Key, type MessageOf, type RoleMessage } from '@stormglass/core';
import type { Address } from '../../ports/transport.ts';
import type { HistoryEntry } from './history.ts';

/** One question to a cache that has not been answered yet. */
type Asked = MessageOf<'cache.get'> | MessageOf<'cache.write'>;

export class MessageRecorder {
  readonly #record: (entry: HistoryEntry) => void;
  readonly #nowUs: () => number;
  /** By who asked, and the number of the question. */
  readonly #asked = new Map<Address, Map<number, Asked>>();

  constructor(record: (entry: HistoryEntry) => void, nowUs: () => number) {
    this.#record = record;
    this.#nowUs = nowUs;
  }

  /** Call it before the recipient gets the message. */
  onDelivery(to: Address, message: RoleMessage): void {
    switch (message.type) {
      case 'cache.get':
      case 'cache.write':
        if (message.trace) this.#askedBy(message.from).set(message.request, message);
        break;
      case 'cache.got':
        this.#onGot(this.#take(to, message.request), message);
        break;
      case 'cache.wrote':
        this.#onWrote(this.#take(to, message.request), message);
        break;
      case 'storage.merge':
        if (message.from === CLIENT && message.space === 'user') this.#onSent(message.writes);
        break;
      case 'scheduler.flush':
      case 'executor.flushed': {
        const { invocation, attempt, node } = message;
        const isDone = message.type === 'executor.flushed' && message.failure === undefined;
        const atUs = this.#nowUs();
        this.#record({ kind: 'flush', atUs, invocation, attempt, node, isDone });
        break;
      }
      default:
        break;
    }
  }

  #askedBy(from: Address): Map<number, Asked> {
    const known = this.#asked.get(from);
    if (known !== undefined) return known;
    const asked = new Map<number, Asked>();
    this.#asked.set(from, asked);
    return asked;
  }

  #take(to: Address, request: number): Asked | undefined {
    const ofRecipient = this.#asked.get(to);
    const asked = ofRecipient?.get(request);
    ofRecipient?.delete(request);
    return asked;
  }

  #onGot(asked: Asked | undefined, { found, failure, restart }: MessageOf<'cache.got'>): void {
    // The function gets nothing of an answer that is not complete.
    if (asked?.type !== 'cache.get' || failure !== undefined || restart !== undefined) return;
    const { invocation, attempt } = asked.session;
    for (const [index, capsule] of found.entries()) {
      const key = asked.keys[index];
      if (key === undefined) continue;
      const of = { invocation, attempt, node: asked.node, key };
      this.#record({ kind: 'got', atUs: this.#nowUs(), ...of, capsule, isTogether: index > 0 });
    }
  }

  #onWrote(asked: Asked | undefined, { session, failure }: MessageOf<'cache.wrote'>): void {
    if (asked?.type !== 'cache.write' || failure !== undefined) return;
    const { key, node, write } = asked;
    const capsule = session.writes.get(key);
    if (capsule === undefined) return;
    const { invocation, attempt } = session;
    const of = { invocation, attempt, node, key };
    this.#record({ kind: 'wrote', atUs: this.#nowUs(), ...of, capsule, write });
  }

  #onSent(writes: MessageOf<'storage.merge'>['writes']): void {
    for (const [key, capsule] of writes) {
      this.#record({ kind: 'sent', atUs: this.#nowUs(), key: key satisfies Key, capsule });
    }
  }
}
