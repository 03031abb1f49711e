/** Both ends of a connection over a Unix socket, for tests of what stands on one. */
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { listenAt, makeSocketDirectory } from '../socket-directory.ts';

export interface ConnectedSockets {
  readonly near: Socket;
  readonly far: Socket;
  readonly dispose: () => Promise<void>;
}

export async function connectSockets(): Promise<ConnectedSockets> {
  const directory = await makeSocketDirectory();
  const accepted = Promise.withResolvers<Socket>();
  const server = await listenAt(directory.socketPath('test.sock'), accepted.resolve);
  const near = createConnection(directory.socketPath('test.sock'));
  await once(near, 'connect');
  const far = await accepted.promise;
  return {
    near,
    far,
    dispose: async () => {
      near.destroy();
      far.destroy();
      server.close();
      await directory.remove();
    },
  };
}
