/**
 * The messages of one sender to one recipient, in order again and each once, however the network
 * repeats and reorders them.
 */
export interface NumberedMail {
  /** Counts from 1. */
  readonly sequence: number;
  /** The sender waits for this one, and for those before it, no longer. */
  readonly settled: number;
}

export class MailOrder<Mail extends NumberedMail> {
  /** This one and those before it have been taken, or are not waited for. */
  #done = 0;
  readonly #early = new Map<number, Mail>();

  /** Messages that came before an earlier one. */
  get early(): number {
    return this.#early.size;
  }

  isDone(sequence: number): boolean {
    return sequence <= this.#done;
  }

  add(mail: Mail): void {
    this.#early.set(mail.sequence, mail);
    while (this.#done < mail.settled) {
      this.#done += 1;
      this.#early.delete(this.#done);
    }
  }

  /** The next in order, which then is done. */
  next(): Mail | undefined {
    const mail = this.#early.get(this.#done + 1);
    if (mail === undefined) return undefined;
    this.#done += 1;
    this.#early.delete(this.#done);
    return mail;
  }
}
