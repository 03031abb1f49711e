/**
 * Why an attempt cannot be completed consistently, and what the next one has to be given.
 */
import * as z from 'zod';
import type { MergedSessions } from '../../session/merge-sessions.ts';
import { dependencies } from './capsule.ts';

export const restartReason = z.object({
  /** One sentence for people. */
  cause: z.string(),
  /** Keys that were read in versions that do not go together: one of each is pinned beforehand. */
  conflicts: z.array(z.string()),
  /** What reads have to cover at least. */
  floors: dependencies,
});
export type RestartReason = z.infer<typeof restartReason>;

/** What branches that do not go together ask of the next attempt. */
export const reasonOf = (merged: MergedSessions, cause: string): RestartReason => ({
  cause,
  conflicts: [...merged.conflicts],
  floors: new Map(merged.floors),
});

/** Something was lost; the next attempt needs nothing that this one did not. */
export const lostReason = (cause: string): RestartReason => ({
  cause,
  conflicts: [],
  floors: new Map(),
});
