/**
 * Where the processes of one cluster find each other: a fresh directory for Unix sockets that only
 * this user can enter.
 */
import { assert } from '@stormglass/core';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `sockaddr_un` has room for 108 bytes with the final zero on Linux, for 104 on macOS. */
const SOCKET_PATH_BYTES_MAX = 103;
/** What is left of it for the name of a socket. */
const SOCKET_NAME_LENGTH_MAX = 32;

const PREFIX = 'stormglass-';
/** The socket of the server, without which a directory is of no use to anybody. */
export const SERVER_SOCKET = 'server';
/** Long enough for a server to make its directory and listen in it. */
const START_MS_MAX = 60_000;

export interface SocketDirectory {
  readonly path: string;
  readonly socketPath: (name: string) => string;
  /** Removes it with everything in it. */
  readonly remove: () => Promise<void>;
}

/** Whether nobody listens at this path. */
function isDead(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.on('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.on('error', () => resolve(true));
  });
}

/** A server that was killed could not remove its directory. */
async function removeDead(parent: string, nowMs: number): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(PREFIX)) continue;
    const path = join(parent, name);
    const { uid, mtimeMs } = await stat(path);
    if (uid !== process.getuid?.() || nowMs - mtimeMs < START_MS_MAX) continue;
    if (await isDead(join(path, SERVER_SOCKET))) await rm(path, { recursive: true, force: true });
  }
}

/**
 * `mkdtemp` makes it with mode 0700. In /tmp where the temporary directory has a long path. Removes
 * those of servers that are dead.
 */
export async function makeSocketDirectory(): Promise<SocketDirectory> {
  const suffixLength = `/${PREFIX}XXXXXX/`.length + SOCKET_NAME_LENGTH_MAX;
  const isShort = Buffer.byteLength(tmpdir()) + suffixLength <= SOCKET_PATH_BYTES_MAX;
  const parent = isShort ? tmpdir() : '/tmp';
  // Another process may be removing the same one; what is left is found the next time.
  await removeDead(parent, Date.now()).catch(() => undefined);
  const path = await mkdtemp(join(parent, PREFIX));
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
