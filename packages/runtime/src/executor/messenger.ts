/**
 * `cloud.send` and `cloud.recv`: direct messages between running functions, by call address, with
 * an answer that says whether the recipient was there (protocols.md 1.8, X7).
 */
import {
  executorAddress,
  parseCallAddress,
  type EncodedValue,
  type MessageOf,
} from '@stormglass/core';
import { firstRequest, RECEIPT_TIMEOUT_MS } from '../limits.ts';
import type { LibraryReply } from '../ports/function-host.ts';
import type { Ports } from '../ports/ports.ts';
import type { Cancel } from '../ports/timers.ts';
import type { Address } from '../ports/transport.ts';
import type { Call } from './run.ts';

interface Outgoing {
  readonly reply: (reply: LibraryReply) => void;
  readonly cancel: Cancel;
  readonly to: string;
}

export class Messenger {
  readonly #ports: Ports;
  readonly #from: Address;
  readonly #calls = new Map<string, Call>();
  readonly #outgoing = new Map<number, Outgoing>();
  #lastRequest: number;

  constructor(options: {
    readonly ports: Ports;
    readonly from: Address;
    readonly incarnation: number;
  }) {
    this.#ports = options.ports;
    this.#from = options.from;
    this.#lastRequest = firstRequest(options.incarnation);
  }

  open(call: Call): void {
    this.#calls.set(call.id, call);
  }

  close(call: Call): void {
    this.#calls.delete(call.id);
    call.mailbox.close();
  }

  send(
    call: Call,
    mail: { readonly to: string; readonly message: EncodedValue },
    reply: (reply: LibraryReply) => void,
  ): void {
    const place = parseCallAddress(mail.to);
    if (place === undefined) {
      reply(gone(mail.to));
      return;
    }
    this.#lastRequest += 1;
    const request = this.#lastRequest;
    const cancel = this.#ports.timers.after(RECEIPT_TIMEOUT_MS, () => {
      if (this.#outgoing.delete(request)) reply(gone(mail.to));
    });
    this.#outgoing.set(request, { reply, cancel, to: mail.to });
    if (call.run.trace) this.#tell('message.sent', call, { from: call.id, ...mail });
    this.#ports.transport.send(executorAddress(place.executor), {
      type: 'executor.deliver',
      request,
      from: this.#from,
      sender: call.id,
      recipient: mail.to,
      message: mail.message,
    });
  }

  onDeliver(message: MessageOf<'executor.deliver'>): void {
    const call = this.#calls.get(message.recipient);
    const mail = { from: message.sender, message: message.message };
    if (call?.run.trace === true) {
      this.#tell('message.received', call, { ...mail, to: message.recipient });
    }
    const delivered = call?.mailbox.deliver(mail) ?? false;
    this.#ports.transport.send(message.from, {
      type: 'executor.receipt',
      request: message.request,
      delivered,
    });
  }

  onReceipt(message: MessageOf<'executor.receipt'>): void {
    const outgoing = this.#outgoing.get(message.request);
    if (outgoing === undefined) return;
    this.#outgoing.delete(message.request);
    outgoing.cancel();
    outgoing.reply(message.delivered ? { status: 'done' } : gone(outgoing.to));
  }

  #tell(
    kind: 'message.sent' | 'message.received',
    call: Call,
    mail: { readonly from: string; readonly to: string; readonly message: EncodedValue },
  ): void {
    this.#ports.events.emit({
      kind,
      invocation: call.run.invocation,
      attempt: call.run.attempt,
      node: call.node,
      worker: call.worker,
      executor: call.executor,
      from: mail.from,
      to: mail.to,
      bytes: mail.message.length,
    });
  }
}

const gone = (to: string): LibraryReply => ({
  status: 'refused',
  failure: {
    type: 'unavailable',
    detail: `No function runs at ${to}: it has finished, or never started.`,
  },
});
