/**
 * Defects around values themselves: how versions are merged, and where they are kept.
 */
import {
  clocksEqual,
  covers,
  joinCapsules,
  versionOf,
  type Capsule,
  type EncodedValue,
  type Key,
  type LatticeMismatch,
} from '@stormglass/core';
import type { FunctionHost } from '../../../ports/function-host.ts';
import type { Ports } from '../../../ports/ports.ts';
import type { Surroundings } from '../planted.ts';
import { type Defect, withDecisions } from './defect.ts';

/**
 * 2.4: one clock for a set of payloads. Dominated is replaced, concurrent is united, and of two with
 * the same clock the incoming one wins.
 */
function publishedMerge(held: Capsule, incoming: Capsule): Capsule | LatticeMismatch {
  if (held.kind !== 'register' || incoming.kind !== 'register') return joinCapsules(held, incoming);
  const [a, b] = [versionOf(held), versionOf(incoming)];
  if (clocksEqual(a, b) || covers(b, a)) return incoming;
  if (covers(a, b)) return held;
  const isHeld = new Set(held.writes.map(({ value }) => value));
  const added = incoming.writes.filter(({ value }) => !isHeld.has(value));
  return { kind: 'register', writes: [...held.writes, ...added] };
}

/** 1.3: the executor keeps what it has read, and no update makes that invalid. */
function objectCache(host: FunctionHost): FunctionHost {
  const objects = new Map<Key, EncodedValue | undefined>();
  return {
    start: (call, listener) =>
      host.start(call, {
        ...listener,
        request: (request, reply) => {
          if (request.operation !== 'get') {
            listener.request(request, reply);
            return;
          }
          const { keys } = request;
          if (keys.every((key) => objects.has(key))) {
            reply({ status: 'values', values: keys.map((key) => objects.get(key)) });
            return;
          }
          listener.request(request, (answer) => {
            if (answer.status === 'values') {
              keys.forEach((key, index) => {
                if (answer.values[index] !== undefined) objects.set(key, answer.values[index]);
              });
            }
            reply(answer);
          });
        },
      }),
    cancel: (id) => host.cancel(id),
    pinnedFunctions: () => host.pinnedFunctions(),
    close: () => host.close(),
  };
}

const REGISTRATION_MS = 100;

/** 1.4: a cache that reads a key is told of its updates only from its next registration on. */
function lateRegistration(ports: Ports): Surroundings {
  let isRegistering = false;
  return {
    ports: {
      ...ports,
      transport: {
        send: (to, message) => {
          if (!isRegistering || message.type !== 'got') ports.transport.send(to, message);
        },
      },
    },
    receive: (message, pass) => {
      // Nor does it tell what it holds, so that nobody compares.
      if (message.type === 'storage.register') return;
      if (message.type !== 'storage.get' || !message.subscribe) {
        pass(message);
        return;
      }
      pass({ ...message, subscribe: false });
      ports.timers.after(REGISTRATION_MS, () => {
        isRegistering = true;
        pass(message);
        isRegistering = false;
      });
    },
  };
}

export const storeDefects: readonly Defect[] = [
  {
    name: 'published-merge',
    source: '2.4',
    what: 'one clock for a set of values, merged as published',
    level: 'causal',
    plant: withDecisions({ joinCapsules: publishedMerge }),
  },
  {
    name: 'missed-update',
    source: '1.4',
    what: 'a write between a read and the registration of its key is never pushed',
    level: 'lww',
    plant: () => ({ aroundStorage: lateRegistration }),
  },
  {
    name: 'object-cache',
    source: '1.3',
    what: 'an executor serves what it has read before from memory of its own',
    level: 'causal',
    plant: () => ({ host: objectCache }),
  },
];
