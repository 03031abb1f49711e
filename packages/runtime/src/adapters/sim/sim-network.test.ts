// The simulated network, with small roles that record and echo.
import type { RoleMessage } from '@stormglass/core';
import { describe, expect, test } from 'vitest';
import type { Role } from '../../ports/transport.ts';
import { EventQueue } from './event-queue.ts';
import { FaultCounter } from './faults.ts';
import { seededRandom } from './seeded-random.ts';
import { SimLife } from './sim-life.ts';
import { SimNetwork, type NetworkOptions } from './sim-network.ts';

const orderly: NetworkOptions = {
  delayUs: { min: 10, max: 500 },
  slowShare: 0,
  slowUs: { min: 0, max: 0 },
  isLocalInline: true,
  duplicateShare: 0,
};

const forget = (cache: string): RoleMessage => ({ type: 'storage.forget', cache });
const update = (key: string): RoleMessage => ({
  type: 'cache.update',
  from: 'storage/s1',
  key,
  capsule: { kind: 'register', writes: [] },
});

function networkOf(seed: string, options: Partial<NetworkOptions> = {}, isStrict = false) {
  const queue = new EventQueue();
  const network = new SimNetwork({
    queue,
    random: seededRandom(seed),
    network: { ...orderly, ...options },
    isStrict,
    faults: new FaultCounter(),
    beforeDelivery: () => undefined,
  });
  const received: { readonly at: string; readonly message: RoleMessage; readonly us: number }[] =
    [];
  const recorder = (address: string, answer?: (message: RoleMessage) => void): Role => ({
    address,
    receive: (message) => {
      received.push({ at: address, message, us: queue.nowUs });
      answer?.(message);
    },
    close: () => undefined,
  });
  const texts = (): string[] =>
    received.map(({ message }) =>
      message.type === 'storage.forget' ? message.cache : message.type,
    );
  const runAll = (): void => {
    while (queue.runNext());
  };
  return { queue, network, received, recorder, texts, runAll };
}

describe('simulated network', () => {
  test('messages of a pair stay in order, those of other pairs overtake', () => {
    const orders = Array.from({ length: 20 }, (_, seed) => {
      const { network, recorder, texts, runAll } = networkOf(`order ${seed}`);
      network.attach(recorder('storage/s1'), new SimLife('s1'));
      const a = network.transportOf('cache/w1', new SimLife('w1'));
      const b = network.transportOf('cache/w2', new SimLife('w2'));
      for (const turn of [1, 2, 3, 4]) {
        a.send('storage/s1', forget(`a${turn}`));
        b.send('storage/s1', forget(`b${turn}`));
      }
      runAll();
      const all = texts();
      expect(all.filter((text) => text.startsWith('a'))).toEqual(['a1', 'a2', 'a3', 'a4']);
      expect(all.filter((text) => text.startsWith('b'))).toEqual(['b1', 'b2', 'b3', 'b4']);
      return all.join(' ');
    });
    expect(new Set(orders).size).toBeGreaterThan(5);
  });

  test('with a refresh interval, pushes arrive at its ticks and hold up nothing behind them', () => {
    const { network, received, recorder, runAll, queue } = networkOf('refresh', { refreshMs: 100 });
    network.attach(recorder('cache/w1'), new SimLife('w1'));
    const storage = network.transportOf('storage/s1', new SimLife('s1'));
    for (const afterMs of [0, 1, 150]) {
      queue.at(afterMs * 1000, () => {
        storage.send('cache/w1', update('k'));
        storage.send('cache/w1', forget('behind'));
      });
    }
    runAll();
    const arrivals = (type: RoleMessage['type']): number[] =>
      received.filter(({ message }) => message.type === type).map(({ us }) => us);
    const [first = 0, second, third = 0] = arrivals('cache.update');
    expect(second).toBe(first);
    expect((third - first) % 100_000).toBe(0);
    expect(third).toBeGreaterThan(150_000);
    expect(arrivals('storage.forget').map((us) => Math.floor(us / 1000))).toEqual([0, 1, 150]);
  });

  test('a machine has no objects of another one where messages are checked, and as sent elsewhere', () => {
    for (const isStrict of [true, false]) {
      const { network, received, recorder, runAll } = networkOf('copies', {}, isStrict);
      const w1 = new SimLife('w1');
      network.attach(recorder('cache/w1'), w1);
      const sent = update('k');
      network.transportOf('storage/s2', new SimLife('s2')).send('cache/w1', sent);
      network.transportOf('storage/s1', new SimLife('s1')).send('cache/w1', sent);
      runAll();
      expect(received.map(({ message }) => message)).toEqual([sent, sent]);
      const parts = (message: RoleMessage): readonly unknown[] =>
        message.type === 'cache.update' ? [message, message.capsule] : [];
      const [sentWhole, sentCapsule] = parts(sent);
      for (const { message } of received) {
        const [whole, capsule] = parts(message);
        expect(whole === sentWhole).toBe(!isStrict);
        expect(capsule === sentCapsule).toBe(!isStrict);
      }
    }
  });

  test('inside a process a message is handed over as it is', () => {
    const { network, received, recorder, runAll } = networkOf('copies');
    const w1 = new SimLife('w1');
    network.attach(recorder('cache/w1'), w1);
    const sent = update('k');
    network.transportOf('executor/w1/e1', w1).send('cache/w1', sent);
    runAll();
    expect(received[0]?.message).toBe(sent);
  });

  test('roles of one machine answer inside send, or one turn later', () => {
    for (const isLocalInline of [true, false]) {
      const { network, recorder, texts, runAll } = networkOf('local', { isLocalInline });
      const w1 = new SimLife('w1');
      const cache = network.transportOf('cache/w1', w1);
      network.attach(recorder('executor/w1/e1'), w1);
      network.attach(
        recorder('cache/w1', () => cache.send('executor/w1/e1', forget('answer'))),
        w1,
      );
      network.transportOf('executor/w1/e1', w1).send('cache/w1', forget('question'));
      expect(texts()).toEqual(isLocalInline ? ['question', 'answer'] : []);
      runAll();
      expect(texts()).toEqual(['question', 'answer']);
    }
  });

  test('a held link keeps its messages, a cut one loses them, each in one direction', () => {
    const { network, recorder, texts, runAll } = networkOf('links');
    const s1 = new SimLife('s1');
    const w1 = new SimLife('w1');
    network.attach(recorder('storage/s1'), s1);
    network.attach(recorder('cache/w1'), w1);
    const storage = network.transportOf('storage/s1', s1);
    const cache = network.transportOf('cache/w1', w1);
    network.hold('s1', 'w1');
    network.cut('w1', 's1');
    for (const text of ['held 1', 'held 2']) storage.send('cache/w1', forget(text));
    cache.send('storage/s1', forget('lost'));
    runAll();
    expect(texts()).toEqual([]);
    network.healAll();
    storage.send('cache/w1', forget('after'));
    cache.send('storage/s1', forget('through'));
    runAll();
    expect(texts().filter((text) => text !== 'through')).toEqual(['held 1', 'held 2', 'after']);
    expect(texts()).toContain('through');
  });

  test('a gate keeps what it is told to, until it lets some of it pass', () => {
    const { network, recorder, texts, runAll } = networkOf('gate');
    const s1 = new SimLife('s1');
    network.attach(recorder('cache/w1'), new SimLife('w1'));
    network.attach(recorder('cache/w2'), new SimLife('w2'));
    const storage = network.transportOf('storage/s1', s1);
    network.setGate(({ message }) => message.type === 'storage.forget' && message.cache !== 'free');
    for (const text of ['one', 'two', 'free']) storage.send('cache/w1', forget(text));
    storage.send('cache/w2', forget('three'));
    runAll();
    expect(texts()).toEqual(['free']);
    expect(network.letPass(({ toMachine }) => toMachine === 'w1')).toBe(2);
    runAll();
    expect(texts()).toEqual(['free', 'one', 'two']);
    network.setGate(undefined);
    expect(network.letPass(() => true)).toBe(1);
    runAll();
    expect(texts()).toEqual(['free', 'one', 'two', 'three']);
  });

  test('a restarted role gets nothing that was meant for its predecessor, the dead send nothing', () => {
    const { network, recorder, texts, runAll } = networkOf('incarnations');
    const first = new SimLife('w1');
    const s1 = new SimLife('s1');
    network.attach(recorder('cache/w1'), first);
    const storage = network.transportOf('storage/s1', s1);
    storage.send('cache/w1', forget('to the first'));
    first.end();
    network.attach(recorder('cache/w1'), new SimLife('w1'));
    storage.send('cache/w1', forget('to the second'));
    network.transportOf('cache/w1', first).send('cache/w1', forget('from the dead'));
    runAll();
    expect(texts()).toEqual(['to the second']);
  });

  test('only messages that may repeat are duplicated', () => {
    const { network, recorder, texts, runAll } = networkOf('twice', { duplicateShare: 1 });
    network.attach(recorder('cache/w1'), new SimLife('w1'));
    const storage = network.transportOf('storage/s1', new SimLife('s1'));
    storage.send('cache/w1', update('k'));
    storage.send('cache/w1', forget('once'));
    runAll();
    expect(texts().toSorted()).toEqual(['cache.update', 'cache.update', 'once']);
  });

  test('a message that does not fit its schema stops a strict simulation', () => {
    const { network, recorder } = networkOf('schema', {}, true);
    network.attach(recorder('cache/w1'), new SimLife('w1'));
    const storage = network.transportOf('storage/s1', new SimLife('s1'));
    expect(() => storage.send('cache/w1', forget(7 as unknown as string))).toThrow(
      'expected string',
    );
  });

  test('a link that several hold goes on when the last of them is gone', () => {
    const { network, recorder, texts, runAll } = networkOf('holders');
    network.attach(recorder('cache/w1'), new SimLife('w1'));
    const storage = network.transportOf('storage/s1', new SimLife('s1'));
    network.hold('s1', 'w1', 'one');
    network.hold('s1', 'w1', 'other');
    storage.send('cache/w1', forget('held'));
    network.heal('s1', 'w1', 'one');
    runAll();
    expect(texts()).toEqual([]);
    network.heal('s1', 'w1', 'other');
    runAll();
    expect(texts()).toEqual(['held']);
  });

  test('a machine that pauses gets everything in order when it wakes', () => {
    const { network, queue, received, recorder, texts, runAll } = networkOf('pause');
    const w1 = new SimLife('w1');
    network.attach(recorder('cache/w1'), w1);
    const storage = network.transportOf('storage/s1', new SimLife('s1'));
    w1.pauseUntil(50_000);
    for (const text of ['first', 'second', 'third']) storage.send('cache/w1', forget(text));
    queue.at(40_000, () => storage.send('cache/w1', forget('fourth')));
    runAll();
    expect(texts()).toEqual(['first', 'second', 'third', 'fourth']);
    expect(received.map(({ us }) => us)).toEqual([50_000, 50_000, 50_000, 50_000]);
  });

  test('a share of messages is lost, and one fault more does not move the delays', () => {
    const arrivals = (options: Partial<NetworkOptions>): ReadonlyMap<string, number> => {
      const { network, received, recorder, runAll } = networkOf('loss', options);
      network.attach(recorder('cache/w1'), new SimLife('w1'));
      const storage = network.transportOf('storage/s1', new SimLife('s1'));
      storage.send('cache/w1', forget('first'));
      for (let index = 0; index < 200; index += 1) storage.send('cache/w1', update('k'));
      runAll();
      return new Map(received.map(({ message, us }) => [message.type, us]));
    };
    const { network, received, recorder, runAll } = networkOf('loss', { lossShare: 0.3 });
    network.attach(recorder('cache/w1'), new SimLife('w1'));
    const storage = network.transportOf('storage/s1', new SimLife('s1'));
    for (let index = 0; index < 1_000; index += 1) storage.send('cache/w1', update('k'));
    runAll();
    expect(received.length).toBeGreaterThan(600);
    expect(received.length).toBeLessThan(800);
    const plain = arrivals({}).get('storage.forget');
    expect(arrivals({ duplicateShare: 0.5, slowShare: 0.0001 }).get('storage.forget')).toBe(plain);
  });

  test('messages that may repeat may overtake each other; others keep their order', () => {
    const { network, received, recorder, runAll } = networkOf('loose', { reorderShare: 0.5 });
    network.attach(recorder('cache/w1'), new SimLife('w1'));
    const storage = network.transportOf('storage/s1', new SimLife('s1'));
    const names = Array.from({ length: 30 }, (_, index) => `${index}`);
    for (const name of names) storage.send('cache/w1', update(name));
    for (const name of names) storage.send('cache/w1', forget(name));
    runAll();
    const keys = received.flatMap(({ message }) =>
      message.type === 'cache.update' ? [message.key] : [],
    );
    const caches = received.flatMap(({ message }) =>
      message.type === 'storage.forget' ? [message.cache] : [],
    );
    expect(keys.toSorted()).toEqual(names.toSorted());
    expect(keys).not.toEqual(names);
    expect(caches).toEqual(names);
  });
});
