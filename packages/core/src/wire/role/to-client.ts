/**
 * What the client role is told: it turns requests of the server into messages and their answers
 * into promises.
 */
import * as z from 'zod';
import { failure } from '../value/failure.ts';

export const registered = z.object({
  type: z.literal('registered'),
  request: z.number(),
  /** The version that is now registered, and whether the name is new. */
  version: z.number(),
  created: z.boolean(),
  failure: failure.optional(),
});

export const invoked = z.object({
  type: z.literal('invoked'),
  request: z.number(),
  invocation: z.string(),
  attempts: z.number(),
  durationUs: z.number(),
  /** Sink → JSON text of its result. */
  results: z.map(z.string(), z.string().optional()),
  sessionToken: z.string(),
  failure: failure.optional(),
});

export const toClient = [registered, invoked] as const;
