/**
 * A message that is too large for a link is not sent. Where an attempt waits for it, the attempt has
 * failed: run again, it would only become as large.
 */
import type { LinkFrame, RoleMessage } from '@stormglass/core';
import { FRAME_BYTES_MAX, FrameTooLarge } from './frame-codec.ts';

const MEGABYTE = 1024 * 1024;

/** What the scheduler has to know; `undefined` where nothing waits for the message. */
export function failureOfRefused(frame: LinkFrame, cause: unknown): RoleMessage | undefined {
  if (!(cause instanceof FrameTooLarge) || frame.type !== 'message') return undefined;
  const { message } = frame;
  if (!('session' in message) || !('invocation' in message)) return undefined;
  const { invocation, attempt, session } = message;
  const node = 'node' in message ? message.node : message.from;
  const megabytes = Math.ceil(cause.bytes / MEGABYTE);
  return {
    type: 'scheduler.failed',
    invocation,
    attempt,
    node,
    touched: [...session.touched],
    failure: {
      type: 'value-too-large',
      node,
      detail:
        `What ${node} hands on, with all that the invocation has written and not flushed, is ` +
        `${megabytes} MB; it may be ${FRAME_BYTES_MAX / MEGABYTE} MB. Flush in between, or write in ` +
        'several invocations.',
    },
  };
}
