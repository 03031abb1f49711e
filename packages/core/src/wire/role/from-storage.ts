/**
 * What storage nodes answer. `request` is the asker's number.
 */
import * as z from 'zod';
import { capsuleOrAbsent, dependencies, vectorClock } from '../value/capsule.ts';
import { failure } from '../value/failure.ts';
import { invocationAnswer, keptAnswer } from '../value/request-identity.ts';
import { keyedCapsule } from '../value/packed-writes.ts';
import { space } from './to-storage.ts';

export const got = z.object({
  type: z.literal('got'),
  request: z.number(),
  from: z.string(),
  space,
  key: z.string(),
  found: capsuleOrAbsent,
  /** Of the asking cache, where it subscribed. */
  registration: z.number().optional(),
});

/** Answers `storage.register`. */
export const cacheRegistered = z.object({
  type: z.literal('cache.registered'),
  from: z.string(),
  registration: z.number(),
  round: z.number(),
  /** False: the registration that was named is over, nothing was renewed; announce every key again. */
  isRenewed: z.boolean(),
  /** Where storage is newer than what the cache has told: a push was missed (T16). */
  newer: z.array(keyedCapsule),
  /** What every place where a key could be read covers now, for keys of this cache where it grew. */
  stable: dependencies,
});

/** Durable, or refused as a whole: a key holds a lattice of another kind. */
export const stored = z.object({
  type: z.literal('stored'),
  request: z.number(),
  from: z.string(),
  /** The versions after the join, in the order of the request. */
  versions: z.array(z.tuple([z.string(), vectorClock])),
  failure: failure.optional(),
  /** Of a commit that was not made: another invocation has answered the same request. */
  earlier: invocationAnswer.optional(),
});

export const recalled = z.object({
  type: z.literal('recalled'),
  request: z.number(),
  from: z.string(),
  found: keptAnswer.optional(),
});

export const scanned = z.object({
  type: z.literal('scanned'),
  request: z.number(),
  from: z.string(),
  entries: z.array(keyedCapsule),
  /** False when `limit` cut the answer. */
  complete: z.boolean(),
});

export const fromStorage = [got, cacheRegistered, stored, recalled, scanned] as const;
