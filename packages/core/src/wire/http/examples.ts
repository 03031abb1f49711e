/**
 * Bodies of `/api/v1/examples`: the DAGs that come with the server.
 */
import * as z from 'zod';
import { consistencyLevels } from '../../session/consistency-level.ts';

export const example = z.object({
  id: z.string(),
  title: z.string(),
  /** One or two sentences: what it computes and what to watch. */
  summary: z.string(),
  /** The DAG it registers when installed. */
  dag: z.string(),
  /** Node → parameter → value, to run it with. */
  arguments: z.record(z.string(), z.record(z.string(), z.unknown())),
  consistency: z.enum(consistencyLevels).optional(),
});
export type Example = z.infer<typeof example>;

export const exampleList = z.object({ examples: z.array(example) });

export const exampleInstalled = z.object({ dag: z.string() });
