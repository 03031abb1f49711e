/**
 * What storage nodes are told.
 * Spaces keep user keys apart from the topology, so a user key may have any name (decision 10).
 */
import * as z from 'zod';
import { capsuleKinds } from '../../lattice/capsule.ts';
import { dependencies, vectorClock } from '../value/capsule.ts';
import { keyedWrites } from '../value/packed-writes.ts';
import { keptAnswer } from '../value/request-identity.ts';
import { executorDeliver, executorReceipt } from './to-executor.ts';

export const spaces = ['user', 'functions', 'dags'] as const;
export const space = z.enum(spaces);
export type Space = (typeof spaces)[number];

/** What a cache holds of a key. */
export const heldEntry = z.object({
  key: z.string(),
  version: vectorClock,
  /** What everything that the cache could serve covers, where that is less than `version`. */
  floor: vectorClock.optional(),
});

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
 * A cache renews its registration, and tells what changed in what it serves of the addressee's
 * keys. Answered with `cache.registered`.
 */
export const storageRegister = z.object({
  type: z.literal('storage.register'),
  from: z.string(),
  /** The one that the cache knows of; without it, it asks for one. */
  registration: z.number().optional(),
  /** Counts the rounds of this cache. */
  round: z.number(),
  entries: z.array(heldEntry),
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
  writes: keyedWrites,
  invocation: z.string().optional(),
  trace: z.boolean(),
});

/**
 * Before a commit over several nodes is recorded: promise that these keys will take these kinds of
 * lattice, also where they do not exist yet. Answered with `stored`. Idempotent by `commit`.
 */
export const storagePrepare = z.object({
  type: z.literal('storage.prepare'),
  request: z.number(),
  from: z.string(),
  commit: z.string(),
  kinds: z.array(z.tuple([z.string(), z.enum(capsuleKinds)])),
});

/**
 * The commit was refused: what was promised for it is not needed any more. Answered with `stored`.
 */
export const storageRelease = z.object({
  type: z.literal('storage.release'),
  request: z.number(),
  from: z.string(),
  commit: z.string(),
});

/** What has the request with this key been answered? Answered with `recalled`. */
export const storageRecall = z.object({
  type: z.literal('storage.recall'),
  request: z.number(),
  from: z.string(),
  key: z.string(),
});

/**
 * Make an invocation's writes durable as one record, then bring them to the owners of their keys,
 * then answer `stored` (decision 5). Keys may belong to any storage node. Idempotent by
 * (invocation, attempt, ordinal). With `kept`, the answer of the invocation becomes durable with
 * its writes, unless the request has been answered before: then nothing is written, and `stored`
 * brings that earlier answer.
 */
export const storageCommit = z.object({
  type: z.literal('storage.commit'),
  request: z.number(),
  from: z.string(),
  invocation: z.string(),
  attempt: z.number(),
  /** Counts the commits of the invocation: every flush is one, and the end. */
  ordinal: z.number(),
  writes: keyedWrites,
  kept: keptAnswer.optional(),
  trace: z.boolean(),
});

/**
 * What is durable of a commit before its first merge; `identityKey` is the key of the request whose
 * answer became durable with it.
 */
export const commitRecord = storageCommit
  .pick({ invocation: true, attempt: true, ordinal: true, writes: true })
  .extend({
    // Records of an earlier version have none.
    ordinal: z.number().default(1),
    identityKey: z.string().optional(),
  });
export type CommitRecord = z.infer<typeof commitRecord>;

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

/** Another storage node holds values that depend on these keys of the addressee. Answered with `storage.stable`. */
export const storageStability = z.object({
  type: z.literal('storage.stability'),
  request: z.number(),
  from: z.string(),
  keys: z.array(z.string()),
});

/** What every place where these keys could be read covers; keys of which nothing is known are left out. */
export const storageStable = z.object({
  type: z.literal('storage.stable'),
  request: z.number(),
  stable: dependencies,
});

/** Forward this: the sender may not reach the recipient, and its mail is not delivered yet. */
const storageRelay = z.object({
  type: z.literal('storage.relay'),
  to: z.string(),
  message: z.discriminatedUnion('type', [executorDeliver, executorReceipt]),
});

export const toStorage = [
  storageGet,
  storageRegister,
  storageUnsubscribe,
  storageMerge,
  storagePrepare,
  storageRelease,
  storageCommit,
  storageRecall,
  storageScan,
  storageForget,
  storageStability,
  storageStable,
  storageRelay,
] as const;
