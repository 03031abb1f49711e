/**
 * Starts everything in the order that lets a person see at once what is wrong: the port is taken
 * first, then the cluster starts, then requests that came meanwhile are answered.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIPv6, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { buildApp } from './build-app.ts';
import { CannotStart } from './cannot-start.ts';
import type { Cluster } from './cluster-port.ts';
import type { Config } from './config.ts';
import type { AnalyzeFunction } from './server-context.ts';

/**
 * Longer than the minute that proxies keep idle connections, so that the proxy is the one to close
 * them.
 */
const KEEP_ALIVE_MS = 72_000;
const STUDIO_FOLDER = fileURLToPath(new URL('../../studio/dist', import.meta.url));

/** The address cannot be had. */
export class CannotListen extends CannotStart {
  override readonly name = 'CannotListen';
}

export interface ServeOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly analyzeFunction: AnalyzeFunction;
  readonly startCluster: () => Promise<Cluster>;
}

export interface RunningServer {
  readonly url: string;
  /** Ends connections, the cluster and its processes. */
  readonly close: () => Promise<void>;
}

function listenFailure(error: NodeJS.ErrnoException, { host, port }: Config): CannotListen {
  switch (error.code) {
    case 'EADDRINUSE': {
      const other = `PORT=${port + 1} npm start`;
      return new CannotListen(
        `Port ${port} is in use. Stop what runs there, or take another port: ${other}`,
      );
    }
    case 'EACCES':
      return new CannotListen(
        `Port ${port} needs more rights than this user has. Take one above 1023: PORT=4600 npm start`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new CannotListen(
        `This machine has no address ${host}. Set HOST to one that it has, or leave it out.`,
      );
    default:
      return new CannotListen(`Cannot listen on ${host}:${port}: ${error.message}`);
  }
}

function listen(config: Config): Promise<Server> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS });
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      reject(listenFailure(error, config));
    });
    server.listen({ host: config.host, port: config.port }, () => {
      resolve(server);
    });
  });
}

interface Held {
  /** From now on `route` answers, those that were held first. */
  readonly passOn: (route: RequestListener) => void;
  /** Nobody is going to answer. */
  readonly drop: () => void;
}

/** Keeps requests, and those that ask for a WebSocket, until there is somebody to answer them. */
function holdRequests(server: Server, logger: Logger): Held {
  const requests: Parameters<RequestListener>[] = [];
  const upgrades: Parameters<UpgradeListener>[] = [];
  const hold: RequestListener = (request, response) => {
    logger.debug({ url: request.url }, 'a request waits until the cluster runs');
    requests.push([request, response]);
  };
  const holdUpgrade: UpgradeListener = (request, socket, head) => {
    // The live stream listens a moment before everything else is ready, and answers this one.
    if (server.listenerCount('upgrade') > 1) return;
    // Without a listener, a client that gives up would end the process.
    socket.on('error', () => socket.destroy());
    logger.debug({ url: request.url }, 'a request waits until the cluster runs');
    upgrades.push([request, socket, head]);
  };
  server.on('request', hold).on('upgrade', holdUpgrade);
  return {
    passOn: (route) => {
      server.off('request', hold).off('upgrade', holdUpgrade).on('request', route);
      for (const request of requests) route(...request);
      for (const upgrade of upgrades) server.emit('upgrade', ...upgrade);
    },
    drop: () => {
      for (const [, socket] of upgrades) socket.destroy();
    },
  };
}

type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
type RequestListener = (request: IncomingMessage, response: ServerResponse) => void;

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const isBound = (bound: string | AddressInfo | null): bound is AddressInfo =>
    typeof bound === 'object' && bound !== null;
  const port = isBound(address) ? address.port : 0;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

/**
 * Throws {@link CannotListen} when the address cannot be had; nothing else has been started then.
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { config, logger, analyzeFunction } = options;
  const server = await listen(config);
  const held = holdRequests(server, logger);
  let cluster: Cluster | undefined;
  try {
    cluster = await options.startCluster();
    const app = await buildApp({
      cluster,
      analyzeFunction,
      security: config,
      studioFolder: STUDIO_FOLDER,
      logger,
      server,
    });
    await app.ready();
    held.passOn((request, response) => {
      app.routing(request, response);
    });
    const running = cluster;
    return {
      url: urlOf(server, config.host),
      close: async () => {
        // WebSockets first: the server counts them as connections that it cannot close itself.
        await app.close();
        await Promise.all([closeServer(server), running.close()]);
      },
    };
  } catch (error) {
    held.drop();
    await Promise.all([closeServer(server), cluster?.close()]);
    throw error;
  }
}
