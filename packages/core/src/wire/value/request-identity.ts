/**
 * What a client calls its request by, and the answer that this request has got: kept so that the
 * same request, sent again, is answered again and takes effect once.
 */
import * as z from 'zod';
import { consistencyLevels } from '../../session/consistency-level.ts';
import { failure } from './failure.ts';

/** `digests`: part of the request → a digest of it, to tell another request with the same key. */
export const requestIdentity = z.object({
  key: z.string(),
  digests: z.map(z.string(), z.string()),
});
export type RequestIdentity = z.infer<typeof requestIdentity>;

export const invocationAnswer = z.object({
  invocation: z.string(),
  consistency: z.enum(consistencyLevels),
  attempts: z.number(),
  durationUs: z.number(),
  /** Sink → JSON text of its result, in the order of the DAG's nodes. */
  results: z.map(z.string(), z.string().optional()),
  sessionToken: z.string(),
  failure: failure.optional(),
});
export type InvocationAnswer = z.infer<typeof invocationAnswer>;

/** The answer that the request of this identity has got. */
export const keptAnswer = z.object({ identity: requestIdentity, answer: invocationAnswer });
export type KeptAnswer = z.infer<typeof keptAnswer>;

/** As it lies on disk; milliseconds since 1970. */
export const answerRecord = keptAnswer.extend({ keptAtMs: z.number() });
export type AnswerRecord = z.infer<typeof answerRecord>;

/** The parts in which two requests with one key differ, sorted; empty for the same request. */
export const differingParts = (a: RequestIdentity, b: RequestIdentity): readonly string[] =>
  [...new Set([...a.digests.keys(), ...b.digests.keys()])]
    .filter((part) => a.digests.get(part) !== b.digests.get(part))
    .toSorted();
