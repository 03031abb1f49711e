/**
 * What every Transport owes (ports/transport.ts). Call it with a way to open two processes that
 * reach each other: `a` hosts the addresses `cache/a` and `executor/a/…`, `b` those of `b`.
 */
import type { MessageOf, RoleMessage } from '@stormglass/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Role, Transport } from '../ports/transport.ts';

export interface TransportEndpoint {
  readonly transport: Transport;
  readonly add: (role: Role) => void;
}

export interface TransportPair {
  readonly a: TransportEndpoint;
  readonly b: TransportEndpoint;
  readonly dispose: () => Promise<void>;
}

function roleAt(address: string, receive: (message: RoleMessage) => void): Role {
  return { address, receive, close: () => undefined };
}

const numbered = (number: number): MessageOf<'storage.forget'> => ({
  type: 'storage.forget',
  cache: String(number),
});

/**
 * A message with everything that is hard to carry: Maps with odd keys, a Set, an optional field
 * left out.
 */
const awkward: MessageOf<'cache.update'> = {
  type: 'cache.update',
  from: 'storage/s1',
  key: '__proto__',
  capsule: {
    kind: 'set',
    epoch: 2 ** 52,
    clock: new Map([
      ['__proto__', 3],
      ['w1.1-2', 1],
    ]),
    dependencies: new Map([['constructor', new Map([['__proto__', 1]])]]),
    elements: new Set(['"a"', '{"$bytes":"AAE="}', '"\u{1F300}"']),
  },
};

export function describeTransportContract(name: string, open: () => Promise<TransportPair>): void {
  describe(`Transport: ${name}`, () => {
    const opened: TransportPair[] = [];
    const openPair = async (): Promise<TransportPair> => {
      const pair = await open();
      opened.push(pair);
      return pair;
    };
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((pair) => pair.dispose()));
    });

    test('messages of one sender arrive once and in order, near and far', async () => {
      const { a, b } = await openPair();
      const near: RoleMessage[] = [];
      const far: RoleMessage[] = [];
      a.add(roleAt('cache/a', (message) => near.push(message)));
      b.add(roleAt('cache/b', (message) => far.push(message)));
      const messages = Array.from({ length: 5_000 }, (_, index) => numbered(index));
      for (const message of messages) {
        a.transport.send('cache/a', message);
        a.transport.send('cache/b', message);
      }
      await vi.waitFor(() => expect(far).toHaveLength(messages.length));
      expect(far).toEqual(messages);
      expect(near).toEqual(messages);
    });

    test('a message is the same at the other end', async () => {
      const { a, b } = await openPair();
      const received: RoleMessage[] = [];
      b.add(roleAt('executor/b/e1', (message) => received.push(message)));
      a.transport.send('executor/b/e1', awkward);
      await vi.waitFor(() => expect(received).toEqual([awkward]));
    });

    test('a message for nobody is lost without harm', async () => {
      const { a, b } = await openPair();
      const received: RoleMessage[] = [];
      b.add(roleAt('cache/b', (message) => received.push(message)));
      for (const nobody of ['cache/nobody', 'executor/b/e9', '__proto__', '']) {
        a.transport.send(nobody, numbered(0));
      }
      a.transport.send('cache/b', numbered(1));
      await vi.waitFor(() => expect(received).toEqual([numbered(1)]));
    });

    test('roles answer inside receive, in both directions, as often as they like', async () => {
      const { a, b } = await openPair();
      const ended = Promise.withResolvers<number>();
      const answer =
        (endpoint: TransportEndpoint, to: string) =>
        (message: RoleMessage): void => {
          if (message.type !== 'storage.forget') return;
          const turn = Number(message.cache);
          if (turn === 2_000) ended.resolve(turn);
          else endpoint.transport.send(to, numbered(turn + 1));
        };
      a.add(roleAt('cache/a', answer(a, 'cache/b')));
      b.add(roleAt('cache/b', answer(b, 'cache/a')));
      a.transport.send('cache/b', numbered(0));
      expect(await ended.promise).toBe(2_000);
    });

    test('a long chain inside one process does not exhaust the stack and keeps the order', async () => {
      const { a } = await openPair();
      const seen: string[] = [];
      const ended = Promise.withResolvers<undefined>();
      a.add(
        roleAt('cache/a', (message) => {
          if (message.type !== 'storage.forget') return;
          const turn = Number(message.cache);
          if (turn === 100_000) ended.resolve(undefined);
          else a.transport.send('executor/a/e1', numbered(turn + 1));
        }),
      );
      a.add(
        roleAt('executor/a/e1', (message) => {
          if (message.type !== 'storage.forget') return;
          a.transport.send('executor/a/e2', {
            type: 'storage.forget',
            cache: `1 of ${message.cache}`,
          });
          a.transport.send('executor/a/e2', {
            type: 'storage.forget',
            cache: `2 of ${message.cache}`,
          });
          a.transport.send('cache/a', message);
        }),
      );
      a.add(
        roleAt('executor/a/e2', (message) => {
          if (message.type === 'storage.forget') seen.push(message.cache);
        }),
      );
      a.transport.send('cache/a', numbered(0));
      await ended.promise;
      await vi.waitFor(() => expect(seen).toHaveLength(200_000));
      expect(seen).toEqual(
        Array.from({ length: 200_000 }, (_, index) => `${(index % 2) + 1} of ${(index >> 1) + 1}`),
      );
    });
  });
}
