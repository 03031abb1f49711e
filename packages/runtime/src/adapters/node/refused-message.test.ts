import { startSession, type LinkFrame, type RoleMessage } from '@stormglass/core';
import { expect, test } from 'vitest';
import { FRAME_BYTES_MAX, FrameTooLarge } from './frame-codec.ts';
import { failureOfRefused } from './refused-message.ts';

const ofAttempt = { invocation: 'i1', attempt: 2 };
const session = {
  ...startSession({ ...ofAttempt, level: 'lww' }),
  touched: ['w1'],
};
const tooLarge = new FrameTooLarge(FRAME_BYTES_MAX + 1, FRAME_BYTES_MAX);
const frame = (message: RoleMessage): LinkFrame => ({ type: 'message', to: 'somebody', message });
const sink = { type: 'scheduler.sink', ...ofAttempt, node: 'f', session } as const;
const trigger = { type: 'executor.trigger', ...ofAttempt, from: 'f', to: 'g', session } as const;

test.each([sink, trigger])(
  '[EXEC6] an attempt whose $type is too large for a link has failed',
  (message) => {
    expect(failureOfRefused(frame(message), tooLarge)).toMatchObject({
      type: 'scheduler.failed',
      ...ofAttempt,
      node: 'f',
      touched: ['w1'],
      failure: { type: 'value-too-large', node: 'f', detail: expect.stringContaining('65 MB') },
    });
  },
);

test('what nobody waits for, and what is no plain data, only goes to the log', () => {
  const forget = frame({ type: 'storage.forget', cache: 'w1' });
  expect(failureOfRefused(forget, tooLarge)).toBeUndefined();
  expect(failureOfRefused(frame(sink), new TypeError('a function'))).toBeUndefined();
  expect(failureOfRefused({ type: 'stop' }, tooLarge)).toBeUndefined();
});
