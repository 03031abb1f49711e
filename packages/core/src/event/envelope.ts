/**
 * What every event carries besides its kind: `seq` and `at` are put on by the event log (house.md
 * 3.6, api.md).
 */
import * as z from 'zod';

/** Fields of an event that belongs to one attempt of an invocation. */
export const ofInvocation = {
  invocation: z.string(),
  attempt: z.number(),
};

/** Fields of an event that happened while a node ran, or on behalf of it. */
export const ofNode = {
  ...ofInvocation,
  node: z.string().optional(),
  worker: z.string(),
  executor: z.string().optional(),
};

/**
 * The place of a record in the log: `seq` is dense and grows; `at` is microseconds since the
 * cluster started.
 */
export const envelope = { seq: z.number(), at: z.number() };
