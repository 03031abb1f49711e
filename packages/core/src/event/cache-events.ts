/**
 * What a cache did: answered a read, took a write, received a push, evicted, pinned, released.
 * Emitted by caches.
 */
import * as z from 'zod';
import { readRules } from '../session/read-decision.ts';
import { versionVector, versionVectors } from '../wire/value/version-vector.ts';
import { ofNode } from './envelope.ts';

export const cacheRead = z.object({
  kind: z.literal('cache.read'),
  ...ofNode,
  key: z.string(),
  /**
   * `hit`: this cache had it (live, pinned, or the session's own write); `miss`: from storage;
   * `upstream`: from another cache.
   */
  outcome: z.enum(['hit', 'miss', 'upstream']),
  /** The version returned; empty when the key is absent. */
  version: versionVector,
  siblings: z.number(),
  rule: z.enum(readRules),
  because: z.string(),
  required: versionVector.optional(),
  found: versionVector.optional(),
  /** The cache or storage node that served it. */
  from: z.string().optional(),
  bytes: z.number(),
  durationUs: z.number(),
});

export const cacheWrite = z.object({
  kind: z.literal('cache.write'),
  ...ofNode,
  key: z.string(),
  version: versionVector,
  dependencies: versionVectors,
  /** How many there are, where `dependencies` tells only those that the session met last. */
  dependencyCount: z.number().optional(),
  before: versionVector.optional(),
  operation: z.enum(['put', 'delete', 'merge']),
  bytes: z.number(),
});

export const cacheUpdate = z.object({
  kind: z.literal('cache.update'),
  worker: z.string(),
  key: z.string(),
  version: versionVector,
  from: z.string(),
});

export const cacheEvicted = z.object({
  kind: z.literal('cache.evicted'),
  worker: z.string(),
  key: z.string(),
  version: versionVector,
});

export const cachePinned = z.object({
  kind: z.literal('cache.pinned'),
  worker: z.string(),
  key: z.string(),
  version: versionVector,
  invocation: z.string(),
  attempt: z.number(),
});

export const cacheReleased = z.object({
  kind: z.literal('cache.released'),
  worker: z.string(),
  key: z.string(),
  version: versionVector,
  invocation: z.string(),
  attempt: z.number(),
});
