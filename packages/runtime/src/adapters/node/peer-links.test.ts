import { PROTOCOL_VERSION, type MessageOf, type Peer } from '@stormglass/core';
import { createConnection } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { CausalKnowledge, workerSource } from './causal-knowledge.ts';
import { SILENT_LOG } from './log.ts';
import { PeerLinks } from './peer-links.ts';
import { listenAt, makeSocketDirectory, type SocketDirectory } from './socket-directory.ts';
import { SocketLink } from './socket-link.ts';

interface TestWorker {
  readonly peer: Peer;
  readonly peers: PeerLinks;
  readonly received: string[];
  readonly connections: () => number;
}

async function newDirectory(): Promise<SocketDirectory> {
  const directory = await makeSocketDirectory();
  onTestFinished(() => directory.remove());
  return directory;
}

async function newWorker(
  directory: SocketDirectory,
  worker: string,
  incarnation = 1,
): Promise<TestWorker> {
  const path = directory.socketPath(`${worker}.${incarnation}`);
  const token = `token of ${worker}.${incarnation}`;
  const received: string[] = [];
  let connections = 0;
  const peers = new PeerLinks({
    worker,
    incarnation,
    token,
    knowledge: new CausalKnowledge(workerSource(worker, incarnation)),
    log: SILENT_LOG,
    receive: ({ message }) => {
      if (message.type === 'storage.forget') received.push(message.cache);
    },
    refused: () => undefined,
  });
  const server = await listenAt(path, (socket) => {
    connections += 1;
    peers.accept(socket);
  });
  onTestFinished(() => {
    peers.close();
    server.close();
  });
  const peer = { worker, incarnation, path, token };
  return { peer, peers, received, connections: () => connections };
}

const text = (cache: string): MessageOf<'storage.forget'> => ({ type: 'storage.forget', cache });

test('a link is opened by the first message and used in both directions', async () => {
  const directory = await newDirectory();
  const [a, b] = [await newWorker(directory, 'w1'), await newWorker(directory, 'w2')];
  a.peers.join(b.peer);
  b.peers.join(a.peer);
  expect(b.connections()).toBe(0);
  for (const word of ['one', 'two']) a.peers.linkTo('w2')?.sendMessage('cache/w2', text(word));
  await vi.waitFor(() => expect(b.received).toEqual(['one', 'two']));
  b.peers.linkTo('w1')?.sendMessage('cache/w1', text('three'));
  await vi.waitFor(() => expect(a.received).toEqual(['three']));
  expect([a.connections(), b.connections()]).toEqual([0, 1]);
  expect(a.peers.linkTo('nobody')).toBeUndefined();
});

test('two that open at the same moment hear each other, once and in order', async () => {
  const directory = await newDirectory();
  const [a, b] = [await newWorker(directory, 'w1'), await newWorker(directory, 'w2')];
  a.peers.join(b.peer);
  b.peers.join(a.peer);
  const words = Array.from({ length: 500 }, (_, index) => String(index));
  for (const word of words) {
    a.peers.linkTo('w2')?.sendMessage('cache/w2', text(word));
    b.peers.linkTo('w1')?.sendMessage('cache/w1', text(word));
  }
  await vi.waitFor(() => expect(a.received).toHaveLength(500));
  await vi.waitFor(() => expect(b.received).toHaveLength(500));
  expect([a.received, b.received]).toEqual([words, words]);
});

test('messages go to the newest incarnation', async () => {
  const directory = await newDirectory();
  const [a, old] = [await newWorker(directory, 'w1'), await newWorker(directory, 'w2', 1)];
  a.peers.join(old.peer);
  a.peers.linkTo('w2')?.sendMessage('cache/w2', text('to the old'));
  await vi.waitFor(() => expect(old.received).toEqual(['to the old']));
  const young = await newWorker(directory, 'w2', 2);
  a.peers.join(young.peer);
  a.peers.linkTo('w2')?.sendMessage('cache/w2', text('to the new'));
  await vi.waitFor(() => expect(young.received).toEqual(['to the new']));
  // The end of the old one is told late, and must not touch the new one.
  a.peers.leave('w2', 1);
  a.peers.linkTo('w2')?.sendMessage('cache/w2', text('still to the new'));
  await vi.waitFor(() => expect(young.received).toEqual(['to the new', 'still to the new']));
  a.peers.leave('w2', 2);
  expect(a.peers.linkTo('w2')).toBeUndefined();
});

test.each([
  ['a message without a hello', []],
  [
    'the token of somebody else',
    [{ type: 'hello', protocol: PROTOCOL_VERSION, worker: 'w9', incarnation: 1, token: 'guess' }],
  ],
] as const)('%s: the connection ends unheard', async (_, hellos) => {
  const directory = await newDirectory();
  const { peer, received } = await newWorker(directory, 'w1');
  const closed = Promise.withResolvers<string>();
  const link = new SocketLink(createConnection(peer.path), {
    received: () => undefined,
    closed: closed.resolve,
    refused: () => undefined,
  });
  for (const hello of hellos) link.send(hello);
  link.send({ type: 'message', to: 'cache/w1', message: text('let me in') });
  await closed.promise;
  expect(received).toEqual([]);
});
