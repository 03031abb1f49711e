/**
 * What storage nodes answer. `request` is the asker's number.
 */
import * as z from 'zod';
import { capsuleOrAbsent, vectorClock } from '../value/capsule.ts';
import { failure } from '../value/failure.ts';
import { invocationAnswer, keptAnswer } from '../value/request-identity.ts';
import { keyedCapsule, space } from './to-storage.ts';

export const got = z.object({
  type: z.literal('got'),
  request: z.number(),
  from: z.string(),
  space,
  key: z.string(),
  found: capsuleOrAbsent,
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

export const fromStorage = [got, stored, recalled, scanned] as const;
