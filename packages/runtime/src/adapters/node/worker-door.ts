/**
 * Where worker processes knock: the server's Unix socket. Whoever connects says `hello` with the
 * token that it was started with, once and soon, or is shown out.
 */
import { PROTOCOL_VERSION, type LinkFrame, type LinkFrameOf } from '@stormglass/core';
import type { Server, Socket } from 'node:net';
import type { Log } from './log.ts';
import { listenAt } from './socket-directory.ts';
import { SocketLink, type LinkListener } from './socket-link.ts';

/** A short invocation is over in this time; for a longer one, the time to wake up does not matter. */
const PATIENCE = { afterSendMs: 1, afterReceiveMs: 0 };
const HELLO_TIMEOUT_MS = 10_000;

/** Who takes over a link after its `hello`. */
export interface Guest {
  readonly received: (frame: LinkFrame) => void;
  readonly closed: (reason: string) => void;
}

export interface WorkerDoorOptions {
  readonly path: string;
  readonly log: Log;
  /** `undefined` when nobody is expected with that token, incarnation and name. */
  readonly admit: (hello: LinkFrameOf<'hello'>, link: SocketLink) => Guest | undefined;
}

export class WorkerDoor {
  readonly #options: WorkerDoorOptions;
  readonly #links = new Set<SocketLink>();
  #server: Server | undefined;

  private constructor(options: WorkerDoorOptions) {
    this.#options = options;
  }

  static async open(options: WorkerDoorOptions): Promise<WorkerDoor> {
    const door = new WorkerDoor(options);
    door.#server = await listenAt(options.path, (socket) => door.#accept(socket));
    return door;
  }

  /** Closes every link, too. */
  close(): void {
    this.#server?.close();
    for (const link of this.#links) link.close('The server stops');
  }

  #accept(socket: Socket): void {
    const { log } = this.#options;
    let guest: Guest | undefined;
    let hasSpoken = false;
    const timer = setTimeout(() => link.close('No hello came'), HELLO_TIMEOUT_MS);
    const listener: LinkListener = {
      received: (frame) => {
        if (guest !== undefined) {
          guest.received(frame);
          return;
        }
        clearTimeout(timer);
        hasSpoken = true;
        guest = this.#greet(frame, link);
      },
      closed: (reason) => {
        clearTimeout(timer);
        this.#links.delete(link);
        if (guest !== undefined) guest.closed(reason);
        // Another server that starts looks in like this whether anybody lives here.
        else log[hasSpoken ? 'warn' : 'debug']({ reason }, 'a connection ended before its hello');
      },
      refused: (frame, cause) => log.error({ frame: frame.type, cause: String(cause) }, 'not sent'),
    };
    const link: SocketLink = new SocketLink(socket, listener, PATIENCE);
    this.#links.add(link);
  }

  #greet(frame: LinkFrame, link: SocketLink): Guest | undefined {
    if (frame.type !== 'hello') {
      link.close(`Expected hello, not ${frame.type}`);
      return undefined;
    }
    if (frame.protocol !== PROTOCOL_VERSION) {
      link.close(`Expected protocol ${PROTOCOL_VERSION}, not ${frame.protocol}`);
      return undefined;
    }
    const guest = this.#options.admit(frame, link);
    if (guest === undefined) link.close(`Nobody expects ${frame.worker}.${frame.incarnation}`);
    return guest;
  }
}
