/**
 * A link: frames over one Unix domain socket, in order, in both directions. What is sent in one
 * turn of the event loop leaves in one write when the turn ends; `flush` sends it before that.
 * Whatever breaks the protocol ends the link.
 */
import { linkFrame, packedMessage, type LinkFrame } from '@stormglass/core';
import type { Socket } from 'node:net';
import { BusyWait } from './busy-wait.ts';
import { FrameDecoder, FrameEncoder } from './frame-codec.ts';

/**
 * Bytes that wait for the other end to read them; a process that is this far behind is given up.
 */
const LINK_BACKLOG_BYTES_MAX = 256 * 1024 * 1024;
/** Frames of a turn up to this size are copied together; larger ones are written one by one. */
const JOINED_WRITE_BYTES_MAX = 64 * 1024;

export interface LinkListener {
  /** Frames in order. None comes after `closed`. */
  readonly received: (frame: LinkFrame) => void;
  /** Exactly once, with the reason in words. */
  readonly closed: (reason: string) => void;
  /** A frame that could not be encoded and was not sent. */
  readonly refused: (frame: LinkFrame, cause: unknown) => void;
}

/** How long to stay awake, in milliseconds; 0 sleeps at once. */
export interface LinkPatience {
  /** For the answer to a message that was sent alone. */
  readonly afterSendMs: number;
  /** For the next question, after one that came alone. */
  readonly afterReceiveMs: number;
}

const SLEEP_AT_ONCE: LinkPatience = { afterSendMs: 0, afterReceiveMs: 0 };

const packed = (frame: LinkFrame): object =>
  frame.type === 'message' ? { ...frame, message: packedMessage(frame.message) } : frame;

/**
 * Somebody waits for what follows from it. Nobody answers the news that an attempt is over, nor what is
 * no message.
 */
const isQuestion = (frame: LinkFrame): boolean =>
  frame.type === 'message' && frame.message.type !== 'cache.finish';

const messageOf = (cause: unknown): string =>
  cause instanceof Error ? cause.message : String(cause);

export class SocketLink {
  readonly #socket: Socket;
  readonly #listener: LinkListener;
  readonly #encoder = new FrameEncoder();
  readonly #decoder = new FrameDecoder();
  readonly #patience: LinkPatience;
  readonly #busyWait: BusyWait;
  #isAwaitingAnswer = false;
  #outgoing: Buffer[] = [];
  #outgoingBytes = 0;
  #outgoingQuestions = 0;
  #isScheduled = false;
  #beforeLeaving: (() => void)[] = [];
  #isOpen = true;
  #reason = 'The other end closed the connection';

  /** Starts reading at once. The socket may still be connecting. */
  constructor(
    socket: Socket,
    listener: LinkListener,
    patience = SLEEP_AT_ONCE,
    busyWait = new BusyWait(),
  ) {
    this.#socket = socket;
    this.#listener = listener;
    this.#patience = patience;
    this.#busyWait = busyWait;
    socket.on('data', this.#read);
    socket.on('error', (error) => {
      this.#reason = error.message;
    });
    socket.on('close', () => {
      const isNews = this.#isOpen;
      this.#isOpen = false;
      if (isNews) this.#listener.closed(this.#reason);
    });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Frames wait for the end of the turn. */
  get hasPending(): boolean {
    return this.#outgoing.length > 0;
  }

  send(frame: LinkFrame): void {
    if (!this.#isOpen) return;
    let bytes: Buffer;
    try {
      bytes = this.#encoder.encode(packed(frame));
    } catch (cause) {
      this.#listener.refused(frame, cause);
      return;
    }
    this.#outgoing.push(bytes);
    this.#outgoingBytes += bytes.length;
    if (isQuestion(frame)) this.#outgoingQuestions += 1;
    this.#schedule();
  }

  /** Runs the callback when the frames of this turn are about to leave; it may add to them. */
  beforeLeaving(callback: () => void): void {
    this.#beforeLeaving.push(callback);
    this.#schedule();
  }

  /** Hands everything to the socket now, because the thread is about to be busy. */
  flush(): void {
    if (this.#beforeLeaving.length > 0) {
      for (const callback of this.#beforeLeaving.splice(0)) callback();
    }
    if (this.#outgoing.length === 0 || !this.#isOpen) return;
    const frames = this.#outgoing;
    const bytes = this.#outgoingBytes;
    const questions = this.#outgoingQuestions;
    this.#outgoing = [];
    this.#outgoingBytes = 0;
    this.#outgoingQuestions = 0;
    const [only] = frames;
    if (frames.length === 1 && only !== undefined) this.#socket.write(only);
    else if (bytes <= JOINED_WRITE_BYTES_MAX) this.#socket.write(Buffer.concat(frames, bytes));
    else {
      this.#socket.cork();
      for (const frame of frames) this.#socket.write(frame);
      this.#socket.uncork();
    }
    this.#noteSent(questions);
    if (this.#socket.writableLength > LINK_BACKLOG_BYTES_MAX) {
      this.close(`${this.#socket.writableLength} bytes wait for the other end to read them`);
    }
  }

  /** Sends what is pending and ends the link; `closed` is told when it has. */
  end(reason: string): void {
    if (!this.#isOpen) return;
    this.flush();
    this.#reason = reason;
    this.#socket.end();
    this.#socket.off('data', this.#read);
    this.#socket.resume();
  }

  /** Ends the link at once; `closed` is told before this returns. */
  close(reason: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#socket.destroy();
    this.#listener.closed(reason);
  }

  /**
   * One message at a time means that one caller waits. With several under way the loop is awake anyway,
   * and the time belongs to the others.
   */
  #noteSent(questions: number): void {
    if (this.#patience.afterSendMs === 0 || questions === 0) return;
    if (questions === 1 && !this.#isAwaitingAnswer)
      this.#busyWait.start(this.#patience.afterSendMs);
    else this.#busyWait.stop();
    this.#isAwaitingAnswer = true;
  }

  #noteArrival(): void {
    this.#isAwaitingAnswer = false;
    this.#busyWait.stop();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    process.nextTick(this.#onTurnEnd);
  }

  readonly #onTurnEnd = (): void => {
    this.flush();
    this.#isScheduled = false;
  };

  readonly #read = (chunk: Buffer): void => {
    let frames: unknown[];
    try {
      frames = this.#decoder.decode(chunk);
    } catch (cause) {
      this.close(`Not a frame: ${messageOf(cause)}`);
      return;
    }
    let messages = 0;
    let questions = 0;
    for (const received of frames) {
      const parsed = linkFrame.safeParse(received);
      if (!parsed.success) {
        this.close(`Not a frame of this protocol: ${parsed.error.message}`);
        return;
      }
      const frame = parsed.data;
      // Heartbeats and events say nothing of whether somebody waits.
      if (frame.type === 'message') {
        if (messages === 0) this.#noteArrival();
        messages += 1;
        if (isQuestion(frame)) questions += 1;
      }
      this.#listener.received(frame);
      if (!this.#isOpen) return;
    }
    if (this.#patience.afterReceiveMs === 0 || messages === 0 || questions > 1) return;
    this.#busyWait.start(this.#patience.afterReceiveMs);
  };
}
