import { PROTOCOL_VERSION, type LinkFrame } from '@stormglass/core';
import { createConnection } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { SILENT_LOG, type Log } from './log.ts';
import { makeSocketDirectory } from './socket-directory.ts';
import { SocketLink } from './socket-link.ts';
import { WorkerDoor } from './worker-door.ts';

interface OpenDoor {
  readonly knock: (...frames: readonly LinkFrame[]) => { readonly closed: Promise<string> };
  readonly admitted: LinkFrame[];
  readonly reasons: string[];
}

async function openDoor(): Promise<OpenDoor> {
  const directory = await makeSocketDirectory();
  const admitted: LinkFrame[] = [];
  const reasons: string[] = [];
  const log: Log = { ...SILENT_LOG, warn: ({ reason }) => reasons.push(String(reason)) };
  const path = directory.socketPath('server');
  const door = await WorkerDoor.open({
    path,
    log,
    admit: (hello) =>
      hello.token === 'right'
        ? { received: (frame) => admitted.push(frame), closed: () => undefined }
        : undefined,
  });
  onTestFinished(async () => {
    door.close();
    await directory.remove();
  });
  const knock: OpenDoor['knock'] = (...frames) => {
    const closed = Promise.withResolvers<string>();
    const link = new SocketLink(createConnection(path), {
      received: () => undefined,
      closed: closed.resolve,
      refused: () => undefined,
    });
    for (const frame of frames) link.send(frame);
    return { closed: closed.promise };
  };
  return { knock, admitted, reasons };
}

const hello = {
  type: 'hello',
  protocol: PROTOCOL_VERSION,
  worker: 'w1',
  incarnation: 1,
  token: 'right',
} as const;

test('whoever says hello with the right token is let in with what follows', async () => {
  const { knock, admitted } = await openDoor();
  knock(hello, { type: 'silence', durationMs: 1 });
  await vi.waitFor(() => expect(admitted).toEqual([{ type: 'silence', durationMs: 1 }]));
});

test.each<[string, LinkFrame, string]>([
  ['a wrong token', { ...hello, token: 'wrong' }, 'Nobody expects w1.1'],
  ['another protocol', { ...hello, protocol: 0 }, `Expected protocol ${PROTOCOL_VERSION}, not 0`],
  ['no hello', { type: 'silence', durationMs: 1 }, 'Expected hello, not silence'],
])('%s: the connection ends, and the log says why', async (_, frame, reason) => {
  const { knock, admitted, reasons } = await openDoor();
  await knock(frame, { type: 'silence', durationMs: 1 }).closed;
  await vi.waitFor(() => expect(reasons).toEqual([reason]));
  expect(admitted).toEqual([]);
});
