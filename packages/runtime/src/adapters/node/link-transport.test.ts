import type { Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { describeTransportContract } from '../../testkit/describe-transport-contract.ts';
import { CausalKnowledge } from './causal-knowledge.ts';
import { FrameEncoder } from './frame-codec.ts';
import { LinkTransport } from './link-transport.ts';
import { RoleLink } from './role-link.ts';
import { SocketLink } from './socket-link.ts';
import { connectSockets } from './testkit/connect-sockets.ts';

const disposals: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const dispose of disposals.splice(0).toReversed()) await dispose();
});

describeTransportContract('over a Unix socket', async () => {
  const { near, far, dispose } = await connectSockets();
  const endpoint = (socket: Socket, remote: RegExp): LinkTransport => {
    const knowledge = new CausalKnowledge('test');
    const transport: LinkTransport = new LinkTransport({
      sendOut: (to, message) => {
        if (!remote.test(to)) return false;
        roleLink.sendMessage(to, message);
        return true;
      },
    });
    const link = new SocketLink(socket, {
      received: (frame) => {
        if (frame.type === 'message') transport.receive(frame.to, frame.message);
      },
      closed: () => undefined,
      refused: (_, cause) => {
        throw cause;
      },
    });
    const roleLink = new RoleLink(link, knowledge);
    return transport;
  };
  const a = endpoint(near, /^(?:cache|executor)\/b/u);
  const b = endpoint(far, /^(?:cache|executor)\/a/u);
  return {
    a: { transport: a, add: (role) => a.add(role) },
    b: { transport: b, add: (role) => b.add(role) },
    dispose,
  };
});

async function openLink(): Promise<{
  near: Socket;
  closed: string[];
  received: unknown[];
  link: SocketLink;
}> {
  const { near, far, dispose } = await connectSockets();
  disposals.push(dispose);
  const closed: string[] = [];
  const received: unknown[] = [];
  const link = new SocketLink(far, {
    received: (frame) => received.push(frame),
    closed: (reason) => closed.push(reason),
    refused: () => undefined,
  });
  return { near, closed, received, link };
}

test('bytes that are no frame end the link with a reason', async () => {
  const { near, closed } = await openLink();
  near.write(Buffer.from([0, 0, 0, 1, 0xc1]));
  await vi.waitFor(() => expect(closed).toEqual([expect.stringContaining('Not a frame')]));
});

test('a frame of no known type ends the link, and nothing after it is delivered', async () => {
  const { near, closed, received } = await openLink();
  const encoder = new FrameEncoder();
  near.write(
    Buffer.concat(
      [{ type: 'ping', number: 1 }, { type: 'pong' }, { type: 'ping', number: 2 }].map((frame) =>
        Buffer.from(encoder.encode(frame)),
      ),
    ),
  );
  await vi.waitFor(() => expect(closed).toHaveLength(1));
  expect(closed[0]).toContain('Not a frame of this protocol');
  expect(received).toEqual([{ type: 'ping', number: 1 }]);
});

test('an announced frame over the limit ends the link before its body comes', async () => {
  const { near, closed } = await openLink();
  near.write(Buffer.from([0x7f, 0xff, 0xff, 0xff]));
  await vi.waitFor(() => expect(closed).toEqual([expect.stringContaining('over the limit')]));
});

test('what was sent before the end arrives before the end', async () => {
  const { near, closed, link } = await openLink();
  const received: unknown[] = [];
  const ended = Promise.withResolvers<string>();
  const reader = new SocketLink(near, {
    received: (frame) => received.push(frame),
    closed: ended.resolve,
    refused: () => undefined,
  });
  for (let number = 0; number < 1_000; number += 1) link.send({ type: 'ping', number });
  link.end('enough');
  await ended.promise;
  expect(received).toHaveLength(1_000);
  expect(reader.isOpen).toBe(false);
  await vi.waitFor(() => expect(closed).toEqual(['enough']));
});

test('a message too large for a frame is refused alone', async () => {
  const { near, far, dispose } = await connectSockets();
  disposals.push(dispose);
  const refused: unknown[] = [];
  const received: unknown[] = [];
  const listener = { received: () => undefined, closed: () => undefined };
  const link = new SocketLink(near, { ...listener, refused: (_, cause) => refused.push(cause) });
  const reader = new SocketLink(far, {
    ...listener,
    refused: () => undefined,
    received: (frame) => received.push(frame),
  });
  const text = 'x'.repeat(65 * 1024 * 1024);
  link.send({ type: 'message', to: 'cache/b', message: { type: 'storage.forget', cache: text } });
  link.send({ type: 'ping', number: 1 });
  await vi.waitFor(() => expect(received).toEqual([{ type: 'ping', number: 1 }]));
  expect(reader.isOpen).toBe(true);
  expect(refused).toEqual([expect.objectContaining({ name: 'FrameTooLarge' })]);
});
