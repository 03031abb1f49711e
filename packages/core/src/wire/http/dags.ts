/**
 * Bodies of `/api/v1/dags` (api.md, "DAGs").
 */
import * as z from 'zod';
import { consistencyLevels } from '../../session/consistency-level.ts';

const name = z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/u);

export const dagBody = z.strictObject({
  nodes: z.array(z.strictObject({ id: name, function: z.string() })).max(2_000),
  edges: z
    .array(z.strictObject({ from: z.string(), to: z.string(), parameter: z.string() }))
    .max(10_000)
    .default([]),
  consistency: z.enum(consistencyLevels).optional(),
  timeoutMs: z.number().int().min(1).max(600_000).optional(),
  layout: z.record(z.string(), z.strictObject({ x: z.number(), y: z.number() })).optional(),
});
export type DagBody = z.input<typeof dagBody>;

export const dagDetail = z.object({
  name: z.string(),
  version: z.number(),
  nodes: z.array(z.object({ id: z.string(), function: z.string() })),
  edges: z.array(z.object({ from: z.string(), to: z.string(), parameter: z.string() })),
  sources: z.array(z.string()),
  sinks: z.array(z.string()),
  consistency: z.enum(consistencyLevels).optional(),
  timeoutMs: z.number().optional(),
  layout: z.record(z.string(), z.object({ x: z.number(), y: z.number() })).optional(),
});
export type DagDetail = z.infer<typeof dagDetail>;

export const dagList = z.object({ dags: z.array(dagDetail) });
