/**
 * The live stream over a WebSocket (api.md, "The live stream"): parses every frame at the door,
 * reconnects with back-off, and resumes after the last record it handed on. Records are handed on
 * exactly once and without holes; a hole is answered by reconnecting.
 */
import { down, PROTOCOL_VERSION, type Down, type Up } from '@stormglass/core';
import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  INITIAL_CONNECTION,
  nextConnection,
  retryDelayMs,
  type Connection,
  type ConnectionInput,
} from './connection.ts';
import type { LiveSource } from './live-source.ts';

export interface StreamSocket {
  readonly send: (text: string) => void;
  readonly close: () => void;
}

export interface StreamSocketHandlers {
  readonly onFrame: (frame: unknown) => void;
  readonly onClose: () => void;
}

/** The world around the source, so that a test can drive it. */
export interface SourceSurroundings {
  readonly openSocket: (url: string, handlers: StreamSocketHandlers) => StreamSocket;
  /** Wall time in milliseconds. */
  readonly nowMs: () => number;
  /** Returns the way to cancel. */
  readonly after: (delayMs: number, wake: () => void) => () => void;
  readonly random: () => number;
}

const pageSurroundings: SourceSurroundings = {
  openSocket: (url, handlers) => {
    const socket = new WebSocket(url);
    socket.addEventListener('message', (event) => {
      handlers.onFrame(event.data);
    });
    socket.addEventListener('close', () => {
      handlers.onClose();
    });
    return {
      send: (text) => {
        socket.send(text);
      },
      close: () => {
        socket.close();
      },
    };
  },
  nowMs: () => Date.now(),
  after: (delayMs, wake) => {
    const timer = setTimeout(wake, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
  random: () => Math.random(),
};

/** A server that accepts the socket and then says nothing is as good as gone after this time. */
const GREETING_TIMEOUT_MS = 5_000;

export class ServerSource implements LiveSource {
  readonly connection: StoreApi<Connection> = createStore(() => INITIAL_CONNECTION);
  readonly #url: () => string;
  readonly #world: SourceSurroundings;
  readonly #listeners = new Set<(message: Down) => void>();
  #socket: StreamSocket | undefined;
  #cancelTimer: (() => void) | undefined;
  #cluster: string | undefined;
  /** The last record handed on; `since` of the next subscription. */
  #seq = 0;
  /** The newest record when the server said hello: what has to arrive before the stream counts as live. */
  #target = 0;
  #closed = false;

  constructor(url: () => string, world: SourceSurroundings = pageSurroundings) {
    this.#url = url;
    this.#world = world;
  }

  readonly send = (message: Up): void => {
    this.#socket?.send(JSON.stringify(message));
  };

  readonly subscribe = (listener: (message: Down) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Opens the stream and keeps it open until {@link close}. Calling it again does nothing. */
  readonly open = (): void => {
    this.#closed = false;
    if (this.#socket === undefined && this.#cancelTimer === undefined) this.#attempt();
  };

  readonly close = (): void => {
    this.#closed = true;
    this.#dropSocket();
  };

  [Symbol.dispose](): void {
    this.close();
  }

  /** A wait for the next attempt ends now: the network is back, or a person asked. */
  readonly retryNow = (): void => {
    if (this.#socket === undefined && !this.#closed) {
      this.#cancelTimer?.();
      this.#attempt();
    }
  };

  /** The heartbeat came back after this many milliseconds. */
  readonly measured = (latencyMs: number): void => {
    this.#step({ type: 'measured', latencyMs });
  };

  /** Gives the present socket up, for one that is open but no longer answers. */
  readonly abandon = (reason: string): void => {
    if (this.#socket !== undefined) this.#lose(reason);
  };

  #step(input: ConnectionInput): void {
    this.connection.setState(nextConnection(this.connection.getState(), input), true);
  }

  #attempt(): void {
    this.#step({ type: 'attempt' });
    const socket = this.#world.openSocket(this.#url(), {
      onFrame: (frame) => {
        if (this.#socket === socket) this.#receive(frame);
      },
      onClose: () => {
        if (this.#socket === socket) this.#lose('The connection to the server was lost.');
      },
    });
    this.#socket = socket;
    this.#cancelTimer = this.#world.after(GREETING_TIMEOUT_MS, () => {
      this.#lose('The server did not answer.');
    });
  }

  #receive(frame: unknown): void {
    const message = parseFrame(frame);
    if (typeof message === 'string') this.#lose(message);
    else this.#accept(message);
  }

  #accept(message: Down): void {
    switch (message.type) {
      case 'hello':
        this.#greet(message);
        return;
      case 'events': {
        const fresh = message.events.filter((record) => record.seq > this.#seq);
        const first = fresh[0];
        if (first === undefined) return;
        if (first.seq !== this.#seq + 1) {
          this.#lose(`Events ${this.#seq + 1} to ${first.seq - 1} are missing.`);
          return;
        }
        this.#seq = fresh.at(-1)?.seq ?? this.#seq;
        this.#tell({ type: 'events', events: fresh });
        break;
      }
      case 'gap':
        this.#seq = Math.max(this.#seq, message.to);
        this.#tell(message);
        // The image that follows is what brings the screen up to date.
        return;
      case 'image':
        this.#seq = Math.max(this.#seq, message.seq);
        this.#tell(message);
        break;
      case 'problem':
        this.#tell(message);
        return;
    }
    if (this.#seq >= this.#target) this.#step({ type: 'caught-up' });
  }

  #greet(hello: Extract<Down, { type: 'hello' }>): void {
    if (hello.protocol !== PROTOCOL_VERSION) {
      this.#lose(
        `The server speaks protocol ${hello.protocol}, this page ${PROTOCOL_VERSION}. Reload the page.`,
      );
      return;
    }
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    // Sequence numbers of another cluster mean nothing.
    if (this.#cluster !== hello.cluster || hello.seq < this.#seq) this.#seq = 0;
    this.#cluster = hello.cluster;
    this.#target = hello.seq;
    this.#step({ type: 'greeted' });
    this.#tell(hello);
    this.send({ type: 'subscribe', since: this.#seq });
    if (this.#seq >= this.#target) this.#step({ type: 'caught-up' });
  }

  #tell(message: Down): void {
    for (const listener of this.#listeners) listener(message);
  }

  #dropSocket(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #lose(reason: string): void {
    this.#dropSocket();
    if (this.#closed) return;
    const delayMs = retryDelayMs(this.connection.getState().failures + 1, this.#world.random());
    const atMs = this.#world.nowMs();
    this.#step({ type: 'lost', atMs, retryAtMs: atMs + delayMs, reason });
    this.#cancelTimer = this.#world.after(delayMs, () => {
      this.#attempt();
    });
  }
}

/** The message, or what is wrong with the frame in words. */
function parseFrame(frame: unknown): Down | string {
  if (typeof frame !== 'string') return 'The server sent a binary frame.';
  let json: unknown;
  try {
    json = JSON.parse(frame);
  } catch {
    return 'The server sent a frame that is not JSON.';
  }
  const parsed = down.safeParse(json);
  return parsed.success ? parsed.data : 'The server sent a message that this page does not know.';
}
