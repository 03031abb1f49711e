/**
 * Schema of the session, held to its domain type.
 */
import * as z from 'zod';
import { consistencyLevels } from '../../session/consistency-level.ts';
import type { Session } from '../../session/session.ts';
import { dependencies, vectorClock } from './capsule.ts';
import { writesByKey } from './packed-writes.ts';

export const session: z.ZodType<Session> = z.object({
  invocation: z.string(),
  attempt: z.number(),
  level: z.enum(consistencyLevels),
  reads: z.map(
    z.string(),
    z.object({
      version: vectorClock,
      holders: z.array(z.string()),
      isAhead: z.boolean().optional(),
    }),
  ),
  bounds: z.map(z.string(), z.object({ clock: vectorClock, holders: z.array(z.string()) })),
  writes: writesByKey,
  past: dependencies,
  carried: dependencies,
  touched: z.array(z.string()),
  handedIn: z.array(z.string()).optional(),
});
