/**
 * An attempt of an invocation was placed; an invocation ended. Emitted by the scheduler.
 */
import * as z from 'zod';
import { consistencyLevels } from '../session/consistency-level.ts';
import { ofInvocation } from './envelope.ts';

export const invocationStarted = z.object({
  kind: z.literal('invocation.started'),
  ...ofInvocation,
  /** The DAG, or `function:<name>` for the invocation of a single function. */
  dag: z.string(),
  dagVersion: z.number(),
  consistency: z.enum(consistencyLevels),
  schedule: z.record(z.string(), z.object({ worker: z.string(), executor: z.string() })),
  /** Why this attempt exists, when it is not the first. */
  cause: z.string().optional(),
});

export const invocationFinished = z.object({
  kind: z.literal('invocation.finished'),
  invocation: z.string(),
  status: z.enum(['succeeded', 'failed', 'cancelled']),
  durationUs: z.number(),
  attempts: z.number(),
  /** The slug and sentence of the problem, when the invocation failed. */
  error: z.object({ type: z.string(), detail: z.string(), node: z.string().optional() }).optional(),
});
