/**
 * The one union of everything that roles tell (house.md 3.6), and the record of an event in the log
 * (api.md, flat).
 */
import * as z from 'zod';
import {
  cacheEvicted,
  cachePinned,
  cacheRead,
  cacheReleased,
  cacheUpdate,
  cacheWrite,
} from './cache-events.ts';
import { envelope } from './envelope.ts';
import { functionFinished, functionStarted, functionTriggered } from './function-events.ts';
import { invocationFinished, invocationStarted } from './invocation-events.ts';
import {
  clusterChanged,
  eventsOmitted,
  logLine,
  messageReceived,
  messageSent,
} from './other-events.ts';
import { storageGossip, storageMerged } from './storage-events.ts';

export const runtimeEvents = [
  invocationStarted,
  invocationFinished,
  functionStarted,
  functionFinished,
  functionTriggered,
  cacheRead,
  cacheWrite,
  cacheUpdate,
  cacheEvicted,
  cachePinned,
  cacheReleased,
  storageMerged,
  storageGossip,
  messageSent,
  messageReceived,
  logLine,
  eventsOmitted,
  clusterChanged,
] as const;

export const runtimeEvent = z.discriminatedUnion('kind', runtimeEvents);
export type RuntimeEvent = z.infer<typeof runtimeEvent>;
export type EventKind = RuntimeEvent['kind'];
export const eventKinds: readonly EventKind[] = runtimeEvents.map(
  (schema) => schema.shape.kind.value,
);

/**
 * An event with the time it happened, not yet in the log. `at` in microseconds since the cluster
 * started.
 */
export interface TimedEvent {
  readonly at: number;
  readonly event: RuntimeEvent;
}

export const eventRecord = z.intersection(runtimeEvent, z.object(envelope));
export type EventRecord = RuntimeEvent & { readonly seq: number; readonly at: number };
