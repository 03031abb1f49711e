/**
 * Direct messages for one running function, and the `recv` that waits for them.
 */
import type { EncodedValue } from '@stormglass/core';
import { INBOX_MESSAGES_MAX } from '../limits.ts';
import type { LibraryReply } from '../ports/function-host.ts';
import type { Cancel, Timers } from '../ports/timers.ts';
import { MailOrder, type NumberedMail } from './mail-order.ts';

export interface Mail extends NumberedMail {
  readonly from: string;
  readonly message: EncodedValue;
  /** Just before a `recv` may get it. Not for a repeated one. */
  readonly onFirst: () => void;
  /** It is here, or has been. Not for one that waits for an earlier one, or has no room. */
  readonly onTaken: () => void;
}

interface Receiver {
  readonly reply: (reply: LibraryReply) => void;
  readonly cancel: Cancel | undefined;
}

interface Sender {
  readonly order: MailOrder<Mail>;
  isTaking: boolean;
}

export class Mailbox {
  readonly #timers: Timers;
  readonly #mail: Mail[] = [];
  readonly #receivers: Receiver[] = [];
  readonly #senders = new Map<string, Sender>();
  #isClosed = false;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** Whether anything ever came. */
  get isUsed(): boolean {
    return this.#senders.size > 0;
  }

  /** Whether this message of the sender has been taken. */
  hasTaken(from: string, sequence: number): boolean {
    return this.#senders.get(from)?.order.isDone(sequence) ?? false;
  }

  /** It may come more than once, and before earlier ones of its sender. */
  take(mail: Mail): void {
    const sender = this.#senders.get(mail.from) ?? { order: new MailOrder(), isTaking: false };
    if (sender.order.isDone(mail.sequence)) {
      mail.onTaken();
      return;
    }
    // Without an answer the sender tries again, until there is room.
    if (this.#mail.length + sender.order.early >= INBOX_MESSAGES_MAX) return;
    this.#senders.set(mail.from, sender);
    sender.order.add(mail);
    if (!sender.isTaking) this.#takeNext(sender);
  }

  receive(timeoutMs: number | undefined, reply: (reply: LibraryReply) => void): void {
    const mail = this.#mail.shift();
    if (mail !== undefined) {
      reply(toReply(mail));
      return;
    }
    const receiver: Receiver = {
      reply,
      cancel:
        timeoutMs === undefined
          ? undefined
          : this.#timers.after(timeoutMs, () => {
              const index = this.#receivers.indexOf(receiver);
              if (index < 0) return;
              this.#receivers.splice(index, 1);
              reply({ status: 'none' });
            }),
    };
    this.#receivers.push(receiver);
  }

  /** Nothing is taken any more; what was is still known. */
  close(): void {
    this.#isClosed = true;
    for (const { cancel } of this.#receivers) cancel?.();
    this.#receivers.length = 0;
    this.#mail.length = 0;
  }

  /** A function that gets a message may cause the next one to come, before it returns. */
  #takeNext(sender: Sender): void {
    sender.isTaking = true;
    while (!this.#isClosed) {
      const mail = sender.order.next();
      if (mail === undefined) break;
      mail.onFirst();
      const receiver = this.#receivers.shift();
      if (receiver === undefined) this.#mail.push(mail);
      else {
        receiver.cancel?.();
        receiver.reply(toReply(mail));
      }
      mail.onTaken();
    }
    sender.isTaking = false;
  }
}

const toReply = ({ from, message }: Mail): LibraryReply => ({ status: 'message', from, message });
