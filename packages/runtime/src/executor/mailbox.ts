/**
 * Direct messages for one running function, and the `recv` that waits for them.
 */
import type { EncodedValue } from '@stormglass/core';
import { INBOX_MESSAGES_MAX } from '../limits.ts';
import type { LibraryReply } from '../ports/function-host.ts';
import type { Cancel, Timers } from '../ports/timers.ts';

interface Mail {
  readonly from: string;
  readonly message: EncodedValue;
}

interface Receiver {
  readonly reply: (reply: LibraryReply) => void;
  readonly cancel: Cancel | undefined;
}

export class Mailbox {
  readonly #timers: Timers;
  readonly #mail: Mail[] = [];
  readonly #receivers: Receiver[] = [];

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** False when the mailbox is full. */
  deliver(mail: Mail): boolean {
    const receiver = this.#receivers.shift();
    if (receiver !== undefined) {
      receiver.cancel?.();
      receiver.reply({ status: 'message', ...mail });
      return true;
    }
    if (this.#mail.length >= INBOX_MESSAGES_MAX) return false;
    this.#mail.push(mail);
    return true;
  }

  receive(timeoutMs: number | undefined, reply: (reply: LibraryReply) => void): void {
    const mail = this.#mail.shift();
    if (mail !== undefined) {
      reply({ status: 'message', ...mail });
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

  close(): void {
    for (const { cancel } of this.#receivers) cancel?.();
    this.#receivers.length = 0;
  }
}
