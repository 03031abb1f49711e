/**
 * `GET /api/v1/events`: WebSocket ↔ live connection, and the beat at which news goes out. News of one beat share a
 * frame; the first after a pause goes at once.
 */
import websocket from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import type { WebSocket } from 'ws';
import { LiveConnection, type LiveSurroundings } from './live-connection.ts';

const FRAME_INTERVAL_MS = 16;
const UP_BYTES_MAX = 64 * 1024;
/** A viewer that did not answer a ping in this time is gone. */
const PING_INTERVAL_MS = 30_000;

class Viewers {
  readonly #connections = new Map<WebSocket, LiveConnection>();
  readonly #silent = new WeakSet<WebSocket>();
  #lastBeatMs = 0;
  #timer: NodeJS.Timeout | undefined;

  readonly add = (socket: WebSocket, world: LiveSurroundings): void => {
    const connection = new LiveConnection(world, {
      send: (text, sent) => {
        socket.send(text, (error) => {
          if (error === undefined || error === null) sent();
        });
      },
      bufferedBytes: () => socket.bufferedAmount,
    });
    this.#connections.set(socket, connection);
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      connection.receive(isBinary ? '' : data.toString('utf8'));
    });
    socket.on('pong', () => {
      this.#silent.delete(socket);
    });
    socket.on('close', () => {
      connection.close();
      this.#connections.delete(socket);
    });
  };

  readonly onNews = (): void => {
    if (this.#timer !== undefined || this.#connections.size === 0) return;
    const sinceBeatMs = performance.now() - this.#lastBeatMs;
    this.#timer = setTimeout(this.#beat, Math.max(0, FRAME_INTERVAL_MS - sinceBeatMs));
  };

  readonly ping = (): void => {
    for (const socket of this.#connections.keys()) {
      if (this.#silent.has(socket)) socket.terminate();
      else {
        this.#silent.add(socket);
        socket.ping();
      }
    }
  };

  readonly close = (): void => {
    clearTimeout(this.#timer);
    for (const socket of this.#connections.keys()) socket.terminate();
  };

  readonly #beat = (): void => {
    this.#timer = undefined;
    this.#lastBeatMs = performance.now();
    for (const connection of this.#connections.values()) connection.pump();
  };
}

/** A plugin of its own, so that its hooks are not on the path of any other route. */
export async function liveStream(app: FastifyInstance, world: LiveSurroundings): Promise<void> {
  const viewers = new Viewers();
  await app.register(websocket, {
    options: { maxPayload: UP_BYTES_MAX, perMessageDeflate: false },
  });
  const stop = world.log.onAppend(viewers.onNews);
  const pinging = setInterval(viewers.ping, PING_INTERVAL_MS);
  pinging.unref();
  app.addHook('preClose', (done) => {
    stop();
    clearInterval(pinging);
    viewers.close();
    done();
  });
  app.get('/api/v1/events', { websocket: true }, (socket) => {
    viewers.add(socket, world);
  });
}
