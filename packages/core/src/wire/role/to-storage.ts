/**
 * What storage nodes are told.
 * Spaces keep user keys apart from the topology, so a user key may have any name (decision 10).
 */
import * as z from 'zod';
import { capsule, vectorClock } from '../value/capsule.ts';

export const spaces = ['user', 'functions', 'dags'] as const;
export const space = z.enum(spaces);
export type Space = (typeof spaces)[number];

export const keyedCapsule = z.tuple([z.string(), capsule]);

/**
 * Answered with `got`. `subscribe` puts the asking cache into the cache index for the key, absent
 * keys included.
 */
export const storageGet = z.object({
  type: z.literal('storage.get'),
  request: z.number(),
  from: z.string(),
  space,
  key: z.string(),
  subscribe: z.boolean(),
});

/**
 * A cache announces what it holds. Where storage is newer it pushes `cache.update` at once, so a
 * write that fell between fetch and registration is not missed (T16).
 */
export const storageSubscribe = z.object({
  type: z.literal('storage.subscribe'),
  from: z.string(),
  entries: z.array(z.tuple([z.string(), vectorClock])),
});

export const storageUnsubscribe = z.object({
  type: z.literal('storage.unsubscribe'),
  from: z.string(),
  keys: z.array(z.string()),
});

/**
 * Join these capsules and answer `stored` when they are durable. Idempotent. All keys are owned by
 * the addressee.
 */
export const storageMerge = z.object({
  type: z.literal('storage.merge'),
  request: z.number(),
  from: z.string(),
  space,
  writes: z.array(keyedCapsule),
  invocation: z.string().optional(),
  trace: z.boolean(),
});

/**
 * Make an invocation's writes durable as one record, then bring them to the owners of their keys,
 * then answer `stored` (decision 5). Keys may belong to any storage node. Idempotent by
 * (invocation, attempt).
 */
export const storageCommit = z.object({
  type: z.literal('storage.commit'),
  request: z.number(),
  from: z.string(),
  invocation: z.string(),
  attempt: z.number(),
  writes: z.array(keyedCapsule),
  trace: z.boolean(),
});

/**
 * Answered with `scanned`: keys after `after` that start with `prefix`, in order, at most `limit`,
 * tombstones left out.
 */
export const storageScan = z.object({
  type: z.literal('storage.scan'),
  request: z.number(),
  from: z.string(),
  space,
  prefix: z.string(),
  after: z.string().optional(),
  limit: z.number(),
});

/** A cache is gone: forget what it held. */
export const storageForget = z.object({ type: z.literal('storage.forget'), cache: z.string() });

export const toStorage = [
  storageGet,
  storageSubscribe,
  storageUnsubscribe,
  storageMerge,
  storageCommit,
  storageScan,
  storageForget,
] as const;
