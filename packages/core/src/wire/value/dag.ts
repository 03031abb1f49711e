/**
 * Schemas of DAGs, function definitions and schedules, held to their domain types.
 */
import * as z from 'zod';
import type { Dag, FunctionDefinition } from '../../dag/dag.ts';
import type { Schedule } from '../../dag/schedule.ts';
import { consistencyLevels } from '../../session/consistency-level.ts';

export const dagEdge = z.object({ from: z.string(), to: z.string(), parameter: z.string() });
export const dagNode = z.object({ id: z.string(), function: z.string() });

export const dag: z.ZodType<Dag> = z.object({
  name: z.string(),
  version: z.number(),
  nodes: z.array(dagNode),
  edges: z.array(dagEdge),
  consistency: z.enum(consistencyLevels).optional(),
  timeoutMs: z.number().optional(),
  layout: z.map(z.string(), z.object({ x: z.number(), y: z.number() })).optional(),
});

export const functionDefinition: z.ZodType<FunctionDefinition> = z.object({
  name: z.string(),
  version: z.number(),
  language: z.enum(['javascript', 'typescript']),
  source: z.string(),
  javascript: z.string(),
  parameters: z.array(z.object({ name: z.string(), required: z.boolean() })),
  cloudPosition: z.number().optional(),
  timeoutMs: z.number(),
  memoryMb: z.number(),
});

export const schedule: z.ZodType<Schedule> = z.map(
  z.string(),
  z.object({ worker: z.string(), executor: z.string() }),
);
