/**
 * One call between `start` and `finished`.
 */
import type { Failure } from '@stormglass/core';
import type {
  CallListener,
  FunctionCall,
  LibraryReply,
  Outcome,
} from '../../../ports/function-host.ts';
import type { DirectReply } from './bridge/host.ts';
import { directReply, parseRequest } from './library-exchange.ts';
import type { Sandbox } from './sandbox.ts';

/** Log lines of one call; what comes after is dropped with a word about it. */
const LOG_LINES_MAX = 1_000;
/**
 * A function whose requests are all answered at once never leaves its isolate. After so long, and so
 * many, an answer waits for the next turn, so that messages, events and other calls have theirs.
 */
const ENTRY_MS_MAX = 50;
const ENTRY_REQUESTS_MIN = 100;

const levels = ['debug', 'info', 'warn', 'error'] as const;

export class ActiveCall {
  readonly slot: number;
  readonly call: FunctionCall;
  readonly listener: CallListener;
  /** Requests that are not answered yet. */
  readonly tickets = new Set<number>();
  sandbox: Sandbox | undefined;
  deadlineMs = Number.POSITIVE_INFINITY;
  /** Known as soon as user code settled; told to the listener after the entry. */
  outcome: Outcome | undefined;
  /** The listener hears nothing more. */
  isOver = false;
  lastRefusal: Failure | undefined;
  #timer: NodeJS.Timeout | undefined;
  #logLines = 0;
  /** When the isolate was entered last for this call, and what was asked since. */
  #enteredMs = 0;
  #requests = 0;

  constructor(slot: number, call: FunctionCall, listener: CallListener) {
    this.slot = slot;
    this.call = call;
    this.listener = listener;
  }

  /**
   * Asks the listener. `later` gets an answer that comes after this has returned, unless the call
   * is over by then.
   */
  request(
    operation: unknown,
    values: readonly unknown[],
    ticket: number,
    later: (reply: LibraryReply) => void,
  ): DirectReply {
    this.#requests += 1;
    let answer: LibraryReply | undefined;
    let isWaiting = false;
    this.listener.request(parseRequest(operation, values), (reply) => {
      if (this.isOver) return;
      if (reply.status === 'refused') this.lastRefusal = reply.failure;
      if (isWaiting) later(reply);
      else answer = reply;
    });
    const known = answer;
    if (known !== undefined && !this.#isLong()) return directReply(known);
    isWaiting = true;
    this.tickets.add(ticket);
    if (known !== undefined) {
      setImmediate(() => {
        if (!this.isOver) later(known);
      });
    }
    return ticket;
  }

  noteEntered(nowMs: number): void {
    this.#enteredMs = nowMs;
    this.#requests = 0;
  }

  log(level: unknown, text: unknown): void {
    const known = levels.find((candidate) => candidate === level);
    if (this.isOver || known === undefined || typeof text !== 'string') return;
    this.#logLines += 1;
    if (this.#logLines <= LOG_LINES_MAX) this.listener.log(known, text);
    else if (this.#logLines === LOG_LINES_MAX + 1) {
      this.listener.log('warn', `Only the first ${LOG_LINES_MAX} log lines of a call are kept.`);
    }
  }

  /** For a call that waits: its time runs out although nothing of it is running. */
  wakeAtDeadline(nowMs: number, expire: () => void): void {
    this.#timer = setTimeout(expire, this.deadlineMs - nowMs);
  }

  #isLong(): boolean {
    return (
      this.#requests >= ENTRY_REQUESTS_MIN && performance.now() - this.#enteredMs > ENTRY_MS_MAX
    );
  }

  /** After this the listener hears nothing more. */
  end(): void {
    this.isOver = true;
    clearTimeout(this.#timer);
  }
}
