/**
 * What the processes of one cluster say to each other over a link: worker to server, worker to
 * worker. Every frame is parsed by this schema at the door. A process of another protocol version
 * is refused at its `hello`.
 */
import * as z from 'zod';
import { cacheStatus, executorStatus } from '../http/cluster.ts';
import { roleMessage } from '../role/role-message.ts';

/**
 * Source of events → how many of them the sender has emitted or seen, its own included. Only what
 * changed since the last frame on the link; absent when nothing did. A source is a process:
 * `server`, or a worker and its incarnation, `w2.5`.
 */
const causes = z.map(z.string(), z.number()).optional();

/** A worker that others may open a link to. */
export const peer = z.object({
  worker: z.string(),
  incarnation: z.number(),
  /** The Unix socket on which it listens. */
  path: z.string(),
  /** What it asks for in the `hello` of other workers. */
  token: z.string(),
});
export type Peer = z.infer<typeof peer>;

/** What a worker tells about itself; matches `workerStatus` of the HTTP contract. */
export const workerStats = z.object({
  executors: z.array(executorStatus),
  cache: cacheStatus,
  rssBytes: z.number(),
  /** Messages that had no recipient, since the start. */
  dropped: z.number(),
});
export type WorkerStats = z.infer<typeof workerStats>;

/** The first frame of whoever opened the link; nothing else is accepted before it. */
const linkHello = z.object({
  type: z.literal('hello'),
  protocol: z.number(),
  worker: z.string(),
  incarnation: z.number(),
  /**
   * To the server: the token that it gave this process, good for one hello. To a worker: its peer
   * token.
   */
  token: z.string(),
});

/** The server's answer to a worker's `hello`. */
const linkWelcome = z.object({
  type: z.literal('welcome'),
  /** The token that this worker asks of other workers. */
  token: z.string(),
  executors: z.array(z.string()),
  storageNodes: z.array(z.string()),
  /**
   * When the cluster started, as a decimal number of nanoseconds of this machine's monotonic clock.
   */
  startedAtNs: z.string().regex(/^\d{1,20}$/u),
  peers: z.array(peer),
});

const linkPeerJoined = z.object({ type: z.literal('peer-joined'), peer });
/**
 * This incarnation is gone, and all events it ever sent are in the log: nobody has to remember it.
 */
const linkPeerLeft = z.object({
  type: z.literal('peer-left'),
  worker: z.string(),
  incarnation: z.number(),
});

const linkMessage = z.object({
  type: z.literal('message'),
  to: z.string(),
  message: roleMessage,
  causes,
});

/** Events of a worker, in the order it emitted them. May come after messages that they caused. */
const linkEvents = z.object({
  type: z.literal('events'),
  /** How many events the worker emitted before the first of these. */
  first: z.number(),
  count: z.number(),
  /** One each, for the log to read when it has the time: as text, because most are never looked at. */
  lines: z.string(),
  causes,
});

/** So many characters of event lines of this worker, since its start, are in the log or gone. */
const linkEventsTaken = z.object({ type: z.literal('events-taken'), length: z.number() });

const linkPing = z.object({ type: z.literal('ping'), number: z.number() });
const linkPong = z.object({
  type: z.literal('pong'),
  number: z.number(),
  stats: workerStats,
});

/** User code is about to run, and the worker may say nothing for this long. */
const linkSilence = z.object({ type: z.literal('silence'), durationMs: z.number() });

/** The server's last word: cancel what runs, and exit. */
const linkStop = z.object({ type: z.literal('stop') });

export const linkFrame = z.discriminatedUnion('type', [
  linkHello,
  linkWelcome,
  linkPeerJoined,
  linkPeerLeft,
  linkMessage,
  linkEvents,
  linkEventsTaken,
  linkPing,
  linkPong,
  linkSilence,
  linkStop,
]);
export type LinkFrame = z.infer<typeof linkFrame>;
export type LinkFrameOf<Type extends LinkFrame['type']> = Extract<LinkFrame, { type: Type }>;
