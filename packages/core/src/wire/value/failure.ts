/**
 * Schema of a failure, held to its domain type.
 */
import * as z from 'zod';
import type { Failure } from '../../failure.ts';
import { problemTypes, type ProblemType } from '../http/problem.ts';

const isProblemType = (text: unknown): text is ProblemType =>
  typeof text === 'string' && Object.hasOwn(problemTypes, text);

export const failure: z.ZodType<Failure> = z.object({
  type: z.custom<ProblemType>(isProblemType),
  detail: z.string(),
  node: z.string().optional(),
  dag: z.string().optional(),
  function: z.string().optional(),
  parameter: z.string().optional(),
  key: z.string().optional(),
  differs: z.array(z.string()).optional(),
  cycle: z.array(z.string()).optional(),
  line: z.number().optional(),
  column: z.number().optional(),
  error: z
    .object({
      name: z.string(),
      message: z.string(),
      stack: z.string(),
      line: z.number().optional(),
      column: z.number().optional(),
    })
    .optional(),
});
