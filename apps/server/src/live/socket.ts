/**
 * `GET /api/v1/events`: WebSocket ↔ live connection, and the beat at which news goes out. News of
 * one beat share a frame; the first after a pause goes at once.
 */
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Problem } from '@stormglass/core';
import type { FastifyInstance } from 'fastify';
import { WebSocketServer, type WebSocket } from 'ws';
import { problemFor } from '../http/problem-document.ts';
import type { Guard } from '../plugins/security.ts';
import { LiveConnection, type LiveSurroundings } from './live-connection.ts';

export const EVENTS_PATH = '/api/v1/events';
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
    // A frame that breaks the protocol: `ws` closes the socket after this.
    socket.on('error', () => undefined);
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

/** An answer to an upgrade that is refused; the socket is not Fastify's to answer on any more. */
function refuseUpgrade(socket: Duplex, problem: Problem): void {
  const body = JSON.stringify(problem);
  socket.on('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\n` +
      'Content-Type: application/problem+json; charset=utf-8\r\nConnection: close\r\n' +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

const isEventsPath = (url: string | undefined): boolean => url?.split('?')[0] === EVENTS_PATH;

/**
 * Takes the upgrades of `app`'s server; they never reach the router, so its routes carry nothing
 * for them.
 */
export function addLiveStream(app: FastifyInstance, world: LiveSurroundings, guard: Guard): void {
  const viewers = new Viewers();
  const upgrader = new WebSocketServer({
    noServer: true,
    maxPayload: UP_BYTES_MAX,
    perMessageDeflate: false,
  });
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const problem =
      guard(request) ??
      (isEventsPath(request.url)
        ? undefined
        : problemFor('not-found', `The live stream is at ${EVENTS_PATH}.`));
    if (problem !== undefined) {
      refuseUpgrade(socket, problem);
      return;
    }
    upgrader.handleUpgrade(request, socket, head, (webSocket) => {
      viewers.add(webSocket, world);
    });
  };
  app.server.on('upgrade', onUpgrade);
  const stop = world.log.onAppend(viewers.onNews);
  const pinging = setInterval(viewers.ping, PING_INTERVAL_MS);
  pinging.unref();
  app.addHook('preClose', (done) => {
    app.server.off('upgrade', onUpgrade);
    stop();
    clearInterval(pinging);
    viewers.close();
    done();
  });
}
