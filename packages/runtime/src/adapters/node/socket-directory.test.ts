import { existsSync, statSync } from 'node:fs';
import { mkdir, rename, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished, expect, test } from 'vitest';
import { listenAt, makeSocketDirectory, SERVER_SOCKET } from './socket-directory.ts';

async function makeDirectory(): Promise<Awaited<ReturnType<typeof makeSocketDirectory>>> {
  const directory = await makeSocketDirectory();
  onTestFinished(() => directory.remove());
  return directory;
}

test('only this user can enter, and paths stay within what a socket address holds', async () => {
  const directory = await makeDirectory();
  expect(statSync(directory.path).mode & 0o777).toBe(0o700);
  expect(() => directory.socketPath('x'.repeat(90))).toThrow('A socket path of at most 103 bytes');
  expect(Buffer.byteLength(directory.socketPath('w123456.1234567890'))).toBeLessThanOrEqual(103);
});

test('the directory of a killed server is removed, that of a living one is not', async () => {
  const [killed, alive, fresh] = [
    await makeDirectory(),
    await makeDirectory(),
    await makeDirectory(),
  ];
  const server = await listenAt(alive.socketPath(SERVER_SOCKET), (socket) => socket.destroy());
  onTestFinished(() => void server.close());
  // A socket that nobody listens on: Node would remove it under the name that it was made with.
  const ended = await listenAt(killed.socketPath('other'), (socket) => socket.destroy());
  await rename(killed.socketPath('other'), killed.socketPath(SERVER_SOCKET));
  ended.close();
  await mkdir(join(killed.path, 'folder'));
  const longAgo = new Date(Date.now() - 3_600_000);
  for (const { path } of [killed, alive]) await utimes(path, longAgo, longAgo);
  await makeDirectory();
  expect([killed, alive, fresh].map(({ path }) => existsSync(path))).toEqual([false, true, true]);
});
