/**
 * What caches are told, besides what storage answers.
 */
import * as z from 'zod';
import type { MergeOperand } from '../../lattice/capsule.ts';
import { capsule, capsuleOrAbsent } from '../value/capsule.ts';
import { keyedWrites } from '../value/packed-writes.ts';
import { session } from '../value/session.ts';

const mergeOperand: z.ZodType<MergeOperand> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('counter'), add: z.number() }),
  z.object({ kind: z.literal('set'), elements: z.array(z.string()) }),
  z.object({ kind: z.literal('map'), fields: z.array(z.tuple([z.string(), z.string()])) }),
  z.object({ kind: z.literal('max'), max: z.number() }),
]);

export const writeOperation = z.discriminatedUnion('operation', [
  z.object({ operation: z.literal('put'), value: z.string() }),
  z.object({ operation: z.literal('delete') }),
  z.object({ operation: z.literal('merge'), operand: mergeOperand }),
]);
export type WriteOperation = z.infer<typeof writeOperation>;

/** Who asks, and for whom. `trace: false` suppresses events. */
const asker = {
  request: z.number(),
  /** Address of the executor. */
  from: z.string(),
  executor: z.string(),
  node: z.string(),
  session,
  trace: z.boolean(),
};

/** Answered with `cache.got`, at once when every key is here. */
export const cacheGet = z.object({
  type: z.literal('cache.get'),
  ...asker,
  keys: z.array(z.string()),
});

/**
 * Before an attempt begins: pin one version of each key that earlier attempts read in versions that
 * did not go together. Answered with `cache.got`, whose session the attempt starts with.
 */
export const cachePin = z.object({
  type: z.literal('cache.pin'),
  request: z.number(),
  /** Address of the scheduler. */
  from: z.string(),
  session,
  keys: z.array(z.string()),
  trace: z.boolean(),
});

/** Answered with `cache.wrote`. The write is visible to the session only, until the invocation commits. */
export const cacheWriteRequest = z.object({
  type: z.literal('cache.write'),
  ...asker,
  key: z.string(),
  write: writeOperation,
});

/** One cache asks another for what it holds for an attempt; answered with `cache.fetched`. */
export const cacheFetch = z.object({
  type: z.literal('cache.fetch'),
  request: z.number(),
  from: z.string(),
  invocation: z.string(),
  attempt: z.number(),
  key: z.string(),
});

export const cacheFetched = z.object({
  type: z.literal('cache.fetched'),
  request: z.number(),
  from: z.string(),
  key: z.string(),
  /** `undefined`: nothing is held for this attempt. Its dependencies are transitive (2.7). */
  found: capsuleOrAbsent.optional(),
});

/** Pushed by storage: the joined state of a key that this cache subscribed to. */
export const cacheUpdateMessage = z.object({
  type: z.literal('cache.update'),
  from: z.string(),
  key: z.string(),
  capsule,
});

/** Writes of an attempt are durable, or it ended without any: take them over. */
export const cacheFinish = z.object({
  type: z.literal('cache.finish'),
  invocation: z.string(),
  attempt: z.number(),
  /** True when the attempt is over: release its pins and its writer lane. False after a flush. */
  final: z.boolean(),
  committed: keyedWrites,
  /** More than `committed` may be durable: the writers of this attempt are not used again. */
  isUncertain: z.boolean(),
  trace: z.boolean(),
});

/** Answers `scheduler.attempts`: these run on, keep what is kept for them. */
export const cacheRenew = z.object({
  type: z.literal('cache.renew'),
  attempts: z.array(z.object({ invocation: z.string(), attempt: z.number() })),
});

export const toCache = [
  cacheRenew,
  cacheGet,
  cachePin,
  cacheWriteRequest,
  cacheFetch,
  cacheFetched,
  cacheUpdateMessage,
  cacheFinish,
] as const;
