/**
 * What a viewer says on the live stream (api.md, "The live stream"). An unknown `kinds` entry is a
 * problem, not ignored.
 */
import * as z from 'zod';
import { eventKinds } from '../event/runtime-event.ts';

export const subscribe = z.strictObject({
  type: z.literal('subscribe'),
  /** Only events of this invocation. */
  invocation: z.string().optional(),
  kinds: z.array(z.enum(eventKinds)).optional(),
  /** Replay from after this sequence number; without it only what comes is sent. */
  since: z.number().int().min(0).optional(),
});

export const up = z.discriminatedUnion('type', [subscribe]);
export type Up = z.infer<typeof up>;
