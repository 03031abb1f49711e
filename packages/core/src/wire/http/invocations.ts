/**
 * Bodies of invocations (api.md, "Invocations").
 */
import * as z from 'zod';
import { eventRecord } from '../../event/runtime-event.ts';
import { isKey, KEY_LENGTH_MAX } from '../../ids.ts';
import { consistencyLevels } from '../../session/consistency-level.ts';
import { problem } from './problem.ts';

/** Its length also as the published schema can say it. */
const keyText = z.string().min(1).max(KEY_LENGTH_MAX).refine(isKey, 'expected well-formed text');

const options = {
  consistency: z.enum(consistencyLevels).optional(),
  session: z.string().optional(),
  store: keyText.optional(),
  timeoutMs: z.number().int().min(1).max(600_000).optional(),
  trace: z.enum(['full', 'off']).optional(),
};

/** Node → parameter → value. A value `{"$ref": key}` is read from the store. */
export const dagInvocationBody = z.strictObject({
  arguments: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  ...options,
});
export type DagInvocationBody = z.input<typeof dagInvocationBody>;

/** Parameter → value. */
export const functionInvocationBody = z.strictObject({
  arguments: z.record(z.string(), z.unknown()).default({}),
  ...options,
});

export const reference = z.strictObject({ $ref: keyText });

export const invocationResult = z.object({
  invocation: z.string(),
  /** With one sink. Absent when the sink returned nothing. */
  result: z.unknown().optional(),
  /** With several sinks: sink → value. */
  results: z.record(z.string(), z.unknown()).optional(),
  consistency: z.enum(consistencyLevels),
  durationMs: z.number(),
  attempts: z.number(),
  session: z.string(),
});
export type InvocationResult = z.infer<typeof invocationResult>;

/** The 202 of `Prefer: respond-async`. */
export const invocationAccepted = z.object({ invocation: z.string() });

export const invocationStatus = z.object({
  invocation: z.string(),
  /** The DAG, or absent for a single function. */
  dag: z.string().optional(),
  function: z.string().optional(),
  status: z.enum(['running', 'succeeded', 'failed', 'cancelled']),
  consistency: z.enum(consistencyLevels),
  /** ISO 8601. */
  startedAt: z.string(),
  durationMs: z.number().optional(),
  attempts: z.number(),
  result: z.unknown().optional(),
  results: z.record(z.string(), z.unknown()).optional(),
  session: z.string().optional(),
  error: problem.optional(),
});
export type InvocationStatus = z.infer<typeof invocationStatus>;

export const invocationList = z.object({
  invocations: z.array(invocationStatus),
  /** Hand it back as `?cursor=` for the next page. */
  cursor: z.string().optional(),
});

export const invocationTrace = z.object({
  invocation: z.string(),
  dag: z.string().optional(),
  status: z.enum(['running', 'succeeded', 'failed', 'cancelled']),
  consistency: z.enum(consistencyLevels),
  /** The DAG as it was when it ran: its nodes and edges. */
  nodes: z.array(z.object({ id: z.string(), function: z.string() })),
  edges: z.array(z.object({ from: z.string(), to: z.string(), parameter: z.string() })),
  events: z.array(eventRecord),
});
export type InvocationTrace = z.infer<typeof invocationTrace>;
