/**
 * Bodies of `/api/v1/functions` (api.md, "Functions").
 */
import * as z from 'zod';

export const FUNCTION_TIMEOUT_MS_DEFAULT = 10_000;
export const FUNCTION_TIMEOUT_MS_MAX = 300_000;
export const FUNCTION_MEMORY_MB_DEFAULT = 64;
export const FUNCTION_MEMORY_MB_MIN = 8;
export const FUNCTION_MEMORY_MB_MAX = 512;
export const SOURCE_LENGTH_MAX = 512 * 1024;

export const functionBody = z.strictObject({
  source: z.string().min(1).max(SOURCE_LENGTH_MAX),
  language: z.enum(['javascript', 'typescript']).optional(),
  timeoutMs: z.number().int().min(1).max(FUNCTION_TIMEOUT_MS_MAX).optional(),
  memoryMb: z.number().int().min(FUNCTION_MEMORY_MB_MIN).max(FUNCTION_MEMORY_MB_MAX).optional(),
});
export type FunctionBody = z.infer<typeof functionBody>;

export const functionSummary = z.object({
  name: z.string(),
  version: z.number(),
  language: z.enum(['javascript', 'typescript']),
  parameters: z.array(z.string()),
  /** The parameters that have a default. */
  optional: z.array(z.string()),
  usesCloud: z.boolean(),
  timeoutMs: z.number(),
  memoryMb: z.number(),
});
export type FunctionSummary = z.infer<typeof functionSummary>;

export const functionDetail = functionSummary.extend({ source: z.string() });
export type FunctionDetail = z.infer<typeof functionDetail>;

export const functionList = z.object({ functions: z.array(functionSummary) });
