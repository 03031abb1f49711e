/**
 * `cloud.send` and `cloud.recv`: direct messages between running functions, by call address, each
 * once and in order of its sender, with an answer that says whether the recipient was there
 * (protocols.md 1.8, X7). What is not answered is sent again, directly and through a storage node,
 * because the workers may not reach each other.
 */
import {
  executorAddress,
  parseCallAddress,
  storageAddress,
  type EncodedValue,
  type ExecutorId,
  type MessageOf,
  type StorageId,
} from '@stormglass/core';
import {
  firstRequest,
  INBOX_MESSAGES_MAX,
  MAIL_RETRY_MS,
  MAIL_TRIES_MAX,
  RECEIPT_TIMEOUT_MS,
} from '../limits.ts';
import type { LibraryReply } from '../ports/function-host.ts';
import type { Ports } from '../ports/ports.ts';
import type { Cancel } from '../ports/timers.ts';
import type { Address } from '../ports/transport.ts';
import type { Mailbox } from './mailbox.ts';
import type { Call } from './run.ts';

/** From one call to one recipient. */
interface Channel {
  sent: number;
  /** The direct way has failed: storage forwards every further message too, from its first try. */
  isDetoured: boolean;
  /** Sequences without an answer, ascending. */
  readonly waiting: Set<number>;
}

interface Outgoing {
  readonly call: Call;
  readonly to: { readonly call: string; readonly executor: ExecutorId };
  readonly message: EncodedValue;
  readonly channel: Channel;
  readonly sequence: number;
  readonly reply: (reply: LibraryReply) => void;
  tries: number;
  cancelRetry: Cancel;
}

interface Ended {
  readonly mailbox: Mailbox;
  readonly cancel: Cancel;
}

export interface MessengerOptions {
  readonly ports: Ports;
  readonly from: Address;
  readonly incarnation: number;
  /** Any of them forwards messages. */
  readonly storages: readonly StorageId[];
}

export class Messenger {
  readonly #options: MessengerOptions;
  readonly #ports: Ports;
  readonly #calls = new Map<string, Call>();
  /** Calls that are over: a message that comes again is answered as before. */
  readonly #ended = new Map<string, Ended>();
  readonly #channels = new Map<Call, Map<string, Channel>>();
  readonly #outgoing = new Map<number, Outgoing>();
  #lastRequest: number;

  constructor(options: MessengerOptions) {
    this.#options = options;
    this.#ports = options.ports;
    this.#lastRequest = firstRequest(options.incarnation);
  }

  open(call: Call): void {
    this.#calls.set(call.id, call);
  }

  close(call: Call): void {
    const { id, mailbox } = call;
    this.#calls.delete(id);
    this.#channels.delete(call);
    mailbox.close();
    if (!mailbox.isUsed) return;
    const cancel = this.#ports.timers.after(RECEIPT_TIMEOUT_MS, () => this.#ended.delete(id));
    this.#ended.set(id, { mailbox, cancel });
  }

  closeAll(): void {
    for (const { cancel } of this.#ended.values()) cancel();
    for (const { cancelRetry } of this.#outgoing.values()) cancelRetry();
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
    const channel = this.#channelOf(call, mail.to);
    channel.sent += 1;
    channel.waiting.add(channel.sent);
    this.#lastRequest += 1;
    const outgoing: Outgoing = {
      call,
      to: { call: mail.to, executor: place.executor },
      message: mail.message,
      channel,
      sequence: channel.sent,
      reply,
      tries: 0,
      cancelRetry: () => undefined,
    };
    this.#outgoing.set(this.#lastRequest, outgoing);
    this.#tell('message.sent', call, { from: call.id, ...mail });
    this.#try(this.#lastRequest, outgoing);
  }

  onDeliver(message: MessageOf<'executor.deliver'>): void {
    const { sender, recipient, sequence, settled } = message;
    const call = this.#calls.get(recipient);
    if (call === undefined) {
      const before = this.#ended.get(recipient)?.mailbox.hasTaken(sender, sequence);
      this.#answer(message, before ?? false);
      return;
    }
    const mail = { from: sender, message: message.message };
    call.mailbox.take({
      ...mail,
      sequence,
      settled,
      onFirst: () => {
        this.#tell('message.received', call, { ...mail, to: recipient });
      },
      onTaken: () => this.#answer(message, true),
    });
  }

  onReceipt({ request, delivered }: MessageOf<'executor.receipt'>): void {
    const outgoing = this.#outgoing.get(request);
    if (outgoing === undefined) return;
    outgoing.cancelRetry();
    this.#settle(request, outgoing, delivered ? { status: 'done' } : gone(outgoing.to.call));
  }

  #try(request: number, outgoing: Outgoing): void {
    const { ports, from, storages } = this.#options;
    const { call, to, channel, sequence } = outgoing;
    outgoing.tries += 1;
    outgoing.cancelRetry = ports.timers.after(MAIL_RETRY_MS, () => {
      if (outgoing.tries < MAIL_TRIES_MAX) this.#try(request, outgoing);
      else this.#settle(request, outgoing, unanswered(to.call));
    });
    const [oldest = sequence] = channel.waiting;
    const message: MessageOf<'executor.deliver'> = {
      type: 'executor.deliver',
      request,
      from,
      sender: call.id,
      recipient: to.call,
      sequence,
      settled: oldest - 1,
      message: outgoing.message,
    };
    channel.isDetoured ||= outgoing.tries > 1;
    const storage = storages[outgoing.tries % storages.length];
    const by = channel.isDetoured && storage !== undefined ? storageAddress(storage) : undefined;
    ports.transport.send(executorAddress(to.executor), message);
    if (by === undefined) return;
    ports.transport.send(by, {
      type: 'storage.relay',
      to: executorAddress(to.executor),
      message: { ...message, by },
    });
  }

  #settle(request: number, { call, channel, sequence, reply }: Outgoing, what: LibraryReply): void {
    this.#outgoing.delete(request);
    channel.waiting.delete(sequence);
    if (this.#calls.get(call.id) === call) reply(what);
  }

  #answer({ from, request, by }: MessageOf<'executor.deliver'>, delivered: boolean): void {
    const { transport } = this.#ports;
    const receipt = { type: 'executor.receipt', request, delivered } as const;
    if (by === undefined) transport.send(from, receipt);
    else transport.send(by, { type: 'storage.relay', to: from, message: receipt });
  }

  #channelOf(call: Call, to: string): Channel {
    const channels = this.#channels.get(call) ?? new Map<string, Channel>();
    this.#channels.set(call, channels);
    const channel = channels.get(to) ?? { sent: 0, isDetoured: false, waiting: new Set() };
    channels.set(to, channel);
    return channel;
  }

  #tell(
    kind: 'message.sent' | 'message.received',
    call: Call,
    mail: { readonly from: string; readonly to: string; readonly message: EncodedValue },
  ): void {
    if (call.told?.take(kind) !== true) return;
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

const unanswered = (to: string): LibraryReply => ({
  status: 'refused',
  failure: {
    type: 'unavailable',
    detail:
      `The function at ${to} did not answer: it cannot be reached, or ${INBOX_MESSAGES_MAX} messages ` +
      'wait for it already. Whether it has this one is not known.',
  },
});
