/**
 * A viewer of the live stream: keeps every frame, and waits for the one it is asked about.
 */
import type { Problem, StreamEvent } from './api-client.ts';

export interface Frame {
  readonly type: string;
  readonly seq?: number;
  readonly events?: readonly StreamEvent[];
  readonly problem?: Problem;
  readonly [field: string]: unknown;
}

const WAIT_MS = 10_000;

export class EventStream {
  readonly frames: Frame[] = [];
  readonly #socket: WebSocket;
  readonly #listeners = new Set<() => void>();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      this.frames.push(JSON.parse(String(data)) as Frame);
      for (const listener of this.#listeners) listener();
    });
  }

  /** Connects and waits until the server has said hello. */
  static async open(serverUrl: string): Promise<EventStream> {
    const socket = new WebSocket(`${serverUrl.replace('http', 'ws')}/api/v1/events`);
    const stream = new EventStream(socket);
    await stream.until('hello', ({ frames }) => frames.some(({ type }) => type === 'hello'));
    return stream;
  }

  /** The number of the newest event when the connection was made. */
  get helloSeq(): number {
    return this.frames.find(({ type }) => type === 'hello')?.seq ?? 0;
  }

  get events(): readonly StreamEvent[] {
    return this.frames.flatMap(({ events }) => events ?? []);
  }

  get problems(): readonly Problem[] {
    return this.frames.flatMap(({ problem }) => problem ?? []);
  }

  say(text: string): void {
    this.#socket.send(text);
  }

  subscribe(filter: { invocation?: string; kinds?: readonly string[]; since?: number } = {}): void {
    this.say(JSON.stringify({ type: 'subscribe', ...filter }));
  }

  /** Resolves when `isThere` holds, now or after a later frame. */
  async until(what: string, isThere: (stream: EventStream) => boolean): Promise<void> {
    if (isThere(this)) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const check = (): void => {
      if (isThere(this)) resolve();
    };
    const onClose = (): void => reject(new Error(`The stream closed before ${what} came.`));
    const timer = setTimeout(() => {
      const seen = this.frames.map((frame) => JSON.stringify(frame).slice(0, 300)).join('\n');
      reject(new Error(`${what} did not come in ${WAIT_MS} ms. Frames:\n${seen}`));
    }, WAIT_MS);
    this.#listeners.add(check);
    this.#socket.addEventListener('close', onClose);
    this.#socket.addEventListener('error', onClose);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.#listeners.delete(check);
      this.#socket.removeEventListener('close', onClose);
      this.#socket.removeEventListener('error', onClose);
    }
  }

  untilEvent(what: string, matches: (event: StreamEvent) => boolean): Promise<void> {
    return this.until(what, ({ events }) => events.some(matches));
  }

  close(): void {
    this.#socket.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
