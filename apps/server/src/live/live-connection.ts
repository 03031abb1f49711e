/**
 * One viewer: greets it, takes its subscriptions, and sends what its socket can take. Nothing is
 * queued here beyond what the socket has accepted; the rest stays in the log until the socket has
 * room again.
 */
import { PROTOCOL_VERSION, up, type Problem } from '@stormglass/core';
import { problemFor, schemaProblem } from '../http/problem-document.ts';
import type { EventLog } from './event-log.ts';
import { Subscription, type ImageSource } from './subscription.ts';

/** Bytes accepted by the socket and not yet on the wire; above it nothing more is handed over. */
const BUFFERED_BYTES_MAX = 1024 * 1024;
/** Frames sent in one turn, so that one viewer catching up does not hold up the others. */
const FRAMES_IN_TURN_MAX = 4;

export interface ViewerSocket {
  /** `sent` is called when the frame has left the process. */
  readonly send: (text: string, sent: () => void) => void;
  readonly bufferedBytes: () => number;
}

type State =
  | { readonly name: 'greeted' }
  | { readonly name: 'streaming'; readonly subscription: Subscription }
  | { readonly name: 'closed' };

export interface LiveSurroundings {
  readonly log: EventLog;
  readonly images: ImageSource;
  /** Changes with every start of the cluster. */
  readonly cluster: string;
  /** Runs `wake` in a later turn. */
  readonly soon: (wake: () => void) => void;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export class LiveConnection {
  readonly #world: LiveSurroundings;
  readonly #socket: ViewerSocket;
  #state: State = { name: 'greeted' };
  #isTurnPlanned = false;

  constructor(world: LiveSurroundings, socket: ViewerSocket) {
    this.#world = world;
    this.#socket = socket;
    const { log, cluster } = world;
    const hello = { type: 'hello', seq: log.newest, oldest: log.oldest };
    this.#send(JSON.stringify({ ...hello, protocol: PROTOCOL_VERSION, cluster }));
  }

  /**
   * A frame from the viewer. One that is not understood is refused, and the subscription stays as
   * it was.
   */
  readonly receive = (text: string): void => {
    if (this.#state.name === 'closed') return;
    const json = parse(text);
    if (json === undefined) {
      this.#refuse(
        problemFor('malformed-json', 'A frame is one JSON object, such as {"type":"subscribe"}.'),
      );
      return;
    }
    const message = up.safeParse(json);
    if (!message.success) {
      this.#refuse(schemaProblem(message.error, json, 'frame'));
      return;
    }
    const { log, images } = this.#world;
    const { since, ...filter } = message.data;
    this.#state = {
      name: 'streaming',
      subscription: new Subscription(log, images, filter, since),
    };
    this.pump();
  };

  /** Sends what is new, as much as the socket takes. */
  readonly pump = (): void => {
    if (this.#state.name !== 'streaming') return;
    const { subscription } = this.#state;
    for (let frames = 0; frames < FRAMES_IN_TURN_MAX; frames += 1) {
      if (this.#socket.bufferedBytes() >= BUFFERED_BYTES_MAX) return;
      const frame = subscription.next();
      if (frame === undefined) return;
      this.#send(frame);
    }
    this.#planTurn();
  };

  readonly close = (): void => {
    this.#state = { name: 'closed' };
  };

  #send(text: string): void {
    // Room in a buffer that was full: the rest of what waited can go.
    this.#socket.send(text, () => {
      if (!this.#isTurnPlanned) this.pump();
    });
  }

  #planTurn(): void {
    if (this.#isTurnPlanned) return;
    this.#isTurnPlanned = true;
    this.#world.soon(() => {
      this.#isTurnPlanned = false;
      this.pump();
    });
  }

  #refuse(problem: Problem): void {
    this.#send(JSON.stringify({ type: 'problem', problem }));
  }
}
