/**
 * A node's function started, finished, or triggered the next node. Emitted by executors.
 */
import * as z from 'zod';
import { versionVector, versionVectors } from '../wire/value/version-vector.ts';
import { ofInvocation, ofNode } from './envelope.ts';

export const functionStarted = z.object({
  kind: z.literal('function.started'),
  ...ofNode,
  function: z.string(),
  /** JSON text of each argument, cut at {@link PREVIEW_LENGTH_MAX} characters. */
  arguments: z.record(z.string(), z.string()).optional(),
});

export const functionFinished = z.object({
  kind: z.literal('function.finished'),
  ...ofNode,
  function: z.string(),
  status: z.enum(['succeeded', 'failed', 'cancelled']),
  durationUs: z.number(),
  /** JSON text of the result, cut at {@link PREVIEW_LENGTH_MAX} characters. */
  result: z.string().optional(),
  error: z
    .object({
      type: z.string(),
      name: z.string(),
      message: z.string(),
      stack: z.string().optional(),
      line: z.number().optional(),
      column: z.number().optional(),
    })
    .optional(),
});

/** The session metadata that travels to the next node. */
export const functionTriggered = z.object({
  kind: z.literal('function.triggered'),
  ...ofInvocation,
  worker: z.string(),
  executor: z.string().optional(),
  from: z.string(),
  to: z.string(),
  bytes: z.number(),
  readSet: z.record(z.string(), z.object({ version: versionVector, cache: z.string() })),
  dependencies: versionVectors,
});

export const PREVIEW_LENGTH_MAX = 2_000;
