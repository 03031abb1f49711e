/**
 * Where the processes of one cluster find each other: a fresh directory for Unix sockets that only this user can enter.
 */
import { assert } from '@stormglass/core';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `sockaddr_un` has room for 108 bytes with the final zero on Linux, for 104 on macOS. */
const SOCKET_PATH_BYTES_MAX = 103;
/** What is left of it for the name of a socket. */
const SOCKET_NAME_LENGTH_MAX = 32;

export interface SocketDirectory {
  readonly path: string;
  readonly socketPath: (name: string) => string;
  /** Removes it with everything in it. */
  readonly remove: () => Promise<void>;
}

/** `mkdtemp` makes it with mode 0700. Falls back to /tmp where the temporary directory has a long path. */
export async function makeSocketDirectory(): Promise<SocketDirectory> {
  const suffixLength = '/stormglass-XXXXXX/'.length + SOCKET_NAME_LENGTH_MAX;
  const isShort = Buffer.byteLength(tmpdir()) + suffixLength <= SOCKET_PATH_BYTES_MAX;
  const path = await mkdtemp(join(isShort ? tmpdir() : '/tmp', 'stormglass-'));
  return {
    path,
    socketPath: (name) => {
      const socketPath = join(path, name);
      assert(
        Buffer.byteLength(socketPath) <= SOCKET_PATH_BYTES_MAX,
        `A socket path of at most ${SOCKET_PATH_BYTES_MAX} bytes, not ${socketPath}`,
      );
      return socketPath;
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

/** Resolves when the socket takes connections. */
export function listenAt(path: string, accept: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(accept);
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}
