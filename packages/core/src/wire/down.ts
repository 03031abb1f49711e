/**
 * What the server says on the live stream.
 */
import * as z from 'zod';
import { eventRecord } from '../event/runtime-event.ts';
import { clusterView } from '../view/cluster-view.ts';
import { problem } from './http/problem.ts';

export const hello = z.object({
  type: z.literal('hello'),
  /** The newest sequence number in the log. */
  seq: z.number(),
  /** The oldest sequence number that the log can still replay. */
  oldest: z.number(),
  protocol: z.number(),
  /** Changes when the server starts anew: sequence numbers of another cluster mean nothing. */
  cluster: z.string(),
});

export const events = z.object({ type: z.literal('events'), events: z.array(eventRecord) });
/** A slow viewer, or one that asked for records that are gone, was skipped past these. */
export const gap = z.object({ type: z.literal('gap'), from: z.number(), to: z.number() });
/** The whole current state; follows a gap for a subscription without an invocation filter. */
export const image = z.object({ type: z.literal('image'), seq: z.number(), view: clusterView });
/** What the viewer sent was refused; the subscription stays as it was. */
export const refused = z.object({ type: z.literal('problem'), problem });

export const down = z.discriminatedUnion('type', [hello, events, gap, image, refused]);
export type Down = z.infer<typeof down>;
