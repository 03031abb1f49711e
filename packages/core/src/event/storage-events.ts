/**
 * A storage node joined a value into a key, or gossiped. Emitted by storage nodes.
 */
import * as z from 'zod';
import { versionVector } from '../wire/value/version-vector.ts';

export const storageMerged = z.object({
  kind: z.literal('storage.merged'),
  storage: z.string(),
  key: z.string(),
  before: versionVector.optional(),
  incoming: versionVector,
  after: versionVector,
  relation: z.enum(['new', 'dominates', 'dominated', 'equal', 'concurrent']),
  invocation: z.string().optional(),
});

export const storageGossip = z.object({
  kind: z.literal('storage.gossip'),
  from: z.string(),
  to: z.string(),
  keys: z.array(z.string()),
});
