/**
 * What the client role is told: it turns requests of the server into messages and their answers
 * into promises.
 */
import * as z from 'zod';
import { failure } from '../value/failure.ts';
import { invocationAnswer } from '../value/request-identity.ts';

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
  ...invocationAnswer.shape,
});

export const toClient = [registered, invoked] as const;
