// Which frames keep a link awake for the next one.
import type { LinkFrame } from '@stormglass/core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { BusyWait } from './busy-wait.ts';
import { FrameEncoder } from './frame-codec.ts';
import { SocketLink, type LinkPatience } from './socket-link.ts';
import { connectSockets } from './testkit/connect-sockets.ts';

const question: LinkFrame = {
  type: 'message',
  to: 'cache/w1',
  message: { type: 'storage.forget', cache: 'cache/w1' },
};
const finish: LinkFrame = {
  type: 'message',
  to: 'cache/w1',
  message: {
    type: 'cache.finish',
    invocation: 'i',
    attempt: 1,
    final: true,
    committed: [],
    isUncertain: false,
    trace: false,
  },
};
const silence: LinkFrame = { type: 'silence', durationMs: 1 };

interface WatchedLink {
  readonly link: SocketLink;
  readonly isAwake: () => boolean;
  /** The other end sends these frames in one write; fulfilled when all are received. */
  readonly hears: (...frames: readonly LinkFrame[]) => Promise<void>;
}

/** A link on a clock that stands still: once awake, it stays so until something comes. */
async function watchedLink(patience: LinkPatience): Promise<WatchedLink> {
  const { near, far, dispose } = await connectSockets();
  onTestFinished(dispose);
  let turn: (() => void) | undefined;
  const busyWait = new BusyWait({
    cores: 2,
    nowMs: () => 1,
    afterTurn: (callback) => {
      turn = callback;
    },
  });
  const isAwake = (): boolean => {
    const look = turn;
    turn = undefined;
    look?.();
    return turn !== undefined;
  };
  let received = 0;
  const listener = {
    received: () => {
      received += 1;
    },
    closed: () => undefined,
    refused: () => undefined,
  };
  const link = new SocketLink(near, listener, patience, busyWait);
  const encoder = new FrameEncoder();
  const hears = async (...frames: readonly LinkFrame[]): Promise<void> => {
    const expected = received + frames.length;
    far.write(Buffer.concat(frames.map((frame) => Buffer.from(encoder.encode(frame)))));
    await vi.waitFor(() => expect(received).toBe(expected));
  };
  return { link, isAwake, hears };
}

test.each<[string, readonly LinkFrame[], boolean]>([
  ['a question', [question], true],
  ['the end of an attempt', [finish], true],
  ['the end of an attempt and the next question', [finish, question], true],
  ['two questions', [question, question], false],
  ['no message', [silence], false],
])('who answers is awake for the next question after %s', async (_, frames, isExpected) => {
  const { hears, isAwake } = await watchedLink({ afterSendMs: 0, afterReceiveMs: 1 });
  await hears(...frames);
  expect(isAwake()).toBe(isExpected);
});

test.each<[string, readonly LinkFrame[], boolean]>([
  ['a question', [question], true],
  ['the end of an attempt', [finish], false],
  ['two questions', [question, question], false],
  ['no message', [silence], false],
])('who asks is awake for the answer to %s', async (_, frames, isExpected) => {
  const { link, isAwake } = await watchedLink({ afterSendMs: 1, afterReceiveMs: 0 });
  for (const frame of frames) link.send(frame);
  link.flush();
  expect(isAwake()).toBe(isExpected);
});

test('who asks sleeps when the answer is there, and after a second question before the first answer', async () => {
  const { link, isAwake, hears } = await watchedLink({ afterSendMs: 1, afterReceiveMs: 0 });
  link.send(question);
  link.flush();
  await hears(question);
  expect(isAwake()).toBe(false);
  link.send(question);
  link.flush();
  expect(isAwake()).toBe(true);
  link.send(question);
  link.flush();
  expect(isAwake()).toBe(false);
});
