/**
 * Direct messages between running functions, log lines of user code, how much of a call is not told,
 * and changes of the cluster.
 */
import * as z from 'zod';
import { ofNode } from './envelope.ts';

export const messageSent = z.object({
  kind: z.literal('message.sent'),
  ...ofNode,
  from: z.string(),
  to: z.string(),
  bytes: z.number(),
});

export const messageReceived = z.object({
  kind: z.literal('message.received'),
  ...ofNode,
  from: z.string(),
  to: z.string(),
  bytes: z.number(),
});

export const logLine = z.object({
  kind: z.literal('log'),
  ...ofNode,
  level: z.enum(['debug', 'info', 'warn', 'error']),
  text: z.string(),
});

/**
 * What a call did with `cloud` beyond what its trace tells, so far: told when that begins, and
 * again when the call has ended. The last one of a call counts.
 */
export const eventsOmitted = z.object({
  kind: z.literal('events.omitted'),
  ...ofNode,
  reads: z.number(),
  writes: z.number(),
  messages: z.number(),
});

export const clusterChanged = z.object({
  kind: z.literal('cluster.changed'),
  change: z.enum([
    'worker-joined',
    'worker-left',
    'worker-crashed',
    'worker-draining',
    'storage-joined',
    'storage-left',
    'function-registered',
    'function-deleted',
    'dag-registered',
    'dag-deleted',
  ]),
  id: z.string(),
  detail: z.string().optional(),
});
