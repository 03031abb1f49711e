/**
 * A worker process from inside: its link to the server, its links to other workers, and the ports
 * of its roles. Nothing of it outlives the link to the server.
 */
import {
  PROTOCOL_VERSION,
  SCHEDULER,
  type ExecutorId,
  type LinkFrame,
  type LinkFrameOf,
  type RoleMessage,
  type StorageId,
  type WorkerId,
  type WorkerStats,
} from '@stormglass/core';
import { createConnection, type Server, type Socket } from 'node:net';
import type { FunctionHost } from '../../ports/function-host.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Role } from '../../ports/transport.ts';
import { CallGuard } from './call-guard.ts';
import { CausalKnowledge, workerSource } from './causal-knowledge.ts';
import { EventOutbox } from './event-outbox.ts';
import { LinkTransport } from './link-transport.ts';
import type { Log } from './log.ts';
import { nodeTimers } from './node-timers.ts';
import { PeerLinks } from './peer-links.ts';
import { failureOfRefused } from './refused-message.ts';
import { RoleLink } from './role-link.ts';
import { listenAt } from './socket-directory.ts';
import { SocketLink, type LinkListener } from './socket-link.ts';
import { systemClock } from './system-clock.ts';
import { systemRandom } from './system-random.ts';
import { workerOfAddress } from './worker-of-address.ts';

/** What the server says on the command line and on standard input. */
export interface WorkerStart {
  readonly worker: WorkerId;
  readonly incarnation: number;
  readonly serverPath: string;
  /** Where this worker is to listen for other workers. */
  readonly listenPath: string;
  /** For the `hello` to the server. */
  readonly token: string;
}

/** What the roles of a worker are made from. */
export interface WorkerContext {
  readonly worker: WorkerId;
  readonly incarnation: number;
  readonly executors: readonly ExecutorId[];
  readonly storageNodes: readonly StorageId[];
  readonly ports: Ports;
  /** Wrap every function host that runs user code on this thread ({@link CallGuard}). */
  readonly guard: (host: FunctionHost) => FunctionHost;
}

export interface HostedRoles {
  readonly all: readonly Role[];
  readonly stats: () => Pick<WorkerStats, 'executors' | 'cache'>;
}

export interface WorkerOptions {
  readonly start: WorkerStart;
  readonly createRoles: (context: WorkerContext) => HostedRoles;
  readonly log: Log;
  /** The worker is over: end the process. Code 0 when the server asked for it. */
  readonly exit: (code: number) => void;
}

/** About as long as a client takes that calls again as soon as it has its answer. */
const PATIENCE = { afterSendMs: 0, afterReceiveMs: 1 };

const EXIT_CODES = { stopped: 0, linkLost: 1 } as const;

/** Everything that exists once the server has said `welcome`. */
class WelcomedWorker {
  readonly #server: SocketLink;
  readonly #serverLink: RoleLink;
  readonly #outbox: EventOutbox;
  readonly #transport: LinkTransport;
  readonly #peers: PeerLinks;
  readonly #guard: CallGuard;
  readonly #roles: HostedRoles;
  readonly #worker: WorkerId;
  readonly #knowledge: CausalKnowledge;
  readonly #log: Log;

  constructor(options: WorkerOptions, server: SocketLink, welcome: LinkFrameOf<'welcome'>) {
    const { start, log, createRoles } = options;
    const { worker, incarnation } = start;
    const knowledge = new CausalKnowledge(workerSource(worker, incarnation));
    const clock = systemClock(BigInt(welcome.startedAtNs));
    this.#worker = worker;
    this.#knowledge = knowledge;
    this.#log = log;
    this.#server = server;
    this.#serverLink = new RoleLink(server, knowledge);
    this.#outbox = new EventOutbox({
      knowledge,
      clock,
      send: (first, events) => this.#serverLink.sendEvents(first, events),
      atTurnEnd: (callback) => server.beforeLeaving(callback),
    });
    this.#transport = new LinkTransport({ sendOut: (to, message) => this.#sendOut(to, message) });
    const { token } = welcome;
    const receive = (frame: LinkFrameOf<'message'>): void => this.#onMessage(frame);
    const refused = (frame: LinkFrame, cause: unknown): void => this.refused(frame, cause);
    const peers = { worker, incarnation, token, knowledge, log, receive, refused };
    this.#peers = new PeerLinks(peers);
    for (const peer of welcome.peers) this.#peers.join(peer);
    this.#guard = new CallGuard({
      nowMs: () => performance.now(),
      hasMessages: () => this.#peers.hasPending || this.#server.hasPending,
      flush: () => this.#flush(),
      announceSilence: (durationMs) => server.send({ type: 'silence', durationMs }),
    });
    this.#roles = createRoles({
      worker,
      incarnation,
      executors: welcome.executors,
      storageNodes: welcome.storageNodes,
      ports: {
        clock,
        timers: nodeTimers,
        random: systemRandom(),
        transport: this.#transport,
        events: this.#outbox,
      },
      guard: (host) => this.#guard.wrap(host),
    });
    for (const role of this.#roles.all) this.#transport.add(role);
  }

  accept(socket: Socket): void {
    this.#peers.accept(socket);
  }

  /** False for a frame that the server must not send now. */
  receive(frame: LinkFrame): boolean {
    switch (frame.type) {
      case 'message':
        this.#onMessage(frame);
        return true;
      case 'ping':
        this.#server.send({ type: 'pong', number: frame.number, stats: this.#stats() });
        this.#guard.noteHeard();
        return true;
      case 'events-taken':
        this.#outbox.onTaken(frame.length);
        return true;
      case 'peer-joined':
        this.#peers.join(frame.peer);
        return true;
      case 'peer-left':
        this.#peers.leave(frame.worker, frame.incarnation);
        this.#knowledge.forget(workerSource(frame.worker, frame.incarnation));
        return true;
      default:
        return false;
    }
  }

  /** A frame that cannot be sent, on whatever link. */
  refused(frame: LinkFrame, cause: unknown): void {
    this.#log.error({ frame: frame.type, cause: String(cause) }, 'not sent');
    const failed = failureOfRefused(frame, cause);
    if (failed !== undefined) this.#serverLink.sendMessage(SCHEDULER, failed);
  }

  /** What was emitted and sent so far still goes out. */
  close(): void {
    for (const role of this.#roles.all) {
      this.#transport.remove(role.address);
      role.close();
    }
    this.#flush();
    this.#peers.close();
  }

  #onMessage({ to, message, causes }: LinkFrameOf<'message'>): void {
    if (causes !== undefined) this.#outbox.learn(causes);
    this.#transport.receive(to, message);
  }

  #sendOut(to: string, message: RoleMessage): boolean {
    const worker = workerOfAddress(to);
    if (worker === undefined) {
      this.#serverLink.sendMessage(to, message);
      return true;
    }
    const link = worker === this.#worker ? undefined : this.#peers.linkTo(worker);
    link?.sendMessage(to, message);
    return link !== undefined;
  }

  #flush(): void {
    this.#outbox.flush();
    this.#server.flush();
    this.#peers.flush();
  }

  #stats(): WorkerStats {
    return {
      ...this.#roles.stats(),
      rssBytes: process.memoryUsage.rss(),
      dropped: this.#transport.dropped,
    };
  }
}

/** Resolves when the worker listens; from then on everything happens in turn with the server. */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const { start, log, exit } = options;
  let welcomed: WelcomedWorker | undefined;
  /** Other workers that knew of this one before the welcome was read. */
  const early: Socket[] = [];
  const door: Server = await listenAt(start.listenPath, (socket) => {
    if (welcomed === undefined) early.push(socket);
    else welcomed.accept(socket);
  });
  const stop = (): void => {
    welcomed?.close();
    door.close();
    server.end('The server asked for it');
  };
  let code: number = EXIT_CODES.linkLost;
  const listener: LinkListener = {
    received: (frame) => {
      if (frame.type === 'stop') {
        code = EXIT_CODES.stopped;
        stop();
      } else if (frame.type === 'welcome' && welcomed === undefined) {
        welcomed = new WelcomedWorker(options, server, frame);
        for (const socket of early) welcomed.accept(socket);
      } else if (welcomed?.receive(frame) !== true) {
        server.close(`The server must not say ${frame.type} here`);
      }
    },
    closed: (reason) => {
      log.info({ reason }, 'the link to the server ended');
      exit(code);
    },
    refused: (frame, cause) => welcomed?.refused(frame, cause),
  };
  const connection = createConnection(start.serverPath);
  const server: SocketLink = new SocketLink(connection, listener, PATIENCE);
  const { worker, incarnation, token } = start;
  server.send({ type: 'hello', protocol: PROTOCOL_VERSION, worker, incarnation, token });
}
