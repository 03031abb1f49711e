// The simulated disk: what is durable when.
import { describe, expect, test } from 'vitest';
import { EventQueue } from './event-queue.ts';
import { seededRandom } from './seeded-random.ts';
import { SimLife } from './sim-life.ts';
import { SimDisk, SimStore } from './sim-store.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const text = (found: Uint8Array | undefined): string | undefined =>
  found === undefined ? undefined : String.fromCharCode(...found);

function storeOn(disk: SimDisk, seed = 'disk') {
  const queue = new EventQueue();
  const life = new SimLife('s1');
  const random = seededRandom(seed);
  const store = new SimStore({ queue, random, life, disk, delayUs: { min: 100, max: 900 } });
  const finish = async <T>(promise: Promise<T>): Promise<T> => {
    while (queue.runNext());
    return await promise;
  };
  const crash = (): void => {
    life.end();
    store.crash();
  };
  return { queue, store, finish, crash };
}

describe('simulated store', () => {
  test('a save is durable when its promise resolves, and not before virtual time passes', async () => {
    const disk = new SimDisk();
    const { store, finish } = storeOn(disk);
    const saved = store.save([{ key: 'a', bytes: bytes('1') }]);
    expect(disk.entries.size).toBe(0);
    await finish(saved);
    expect(text(disk.entries.get('a'))).toBe('1');
    expect(text(await finish(store.load('a')))).toBe('1');
    await finish(store.remove(['a']));
    expect(await finish(store.load('a'))).toBeUndefined();
  });

  test('saves land in order, and a crash keeps some first ones and never a half', () => {
    const outcomes = new Set<string>();
    for (let seed = 0; seed < 60; seed += 1) {
      const disk = new SimDisk();
      const { queue, store, crash } = storeOn(disk, `crash ${seed}`);
      for (const value of ['1', '2', '3']) {
        void store.save([
          { key: 'a', bytes: bytes(value) },
          { key: 'b', bytes: bytes(value) },
        ]);
      }
      for (let turn = 0; turn < seed % 3; turn += 1) queue.runNext();
      const acknowledged = seed % 3;
      crash();
      while (queue.runNext());
      const [a, b] = [text(disk.entries.get('a')), text(disk.entries.get('b'))];
      expect(a).toBe(b);
      expect(Number(a ?? 0)).toBeGreaterThanOrEqual(acknowledged);
      outcomes.add(`${acknowledged} acknowledged, ${a ?? 'nothing'} on disk`);
    }
    expect(outcomes).toContain('0 acknowledged, nothing on disk');
    expect(outcomes).toContain('1 acknowledged, 2 on disk');
  });

  test('scan gives a range in key order, and stored bytes are copies', async () => {
    const { store, finish } = storeOn(new SimDisk());
    const mine = bytes('x');
    await finish(
      store.save(['user/b', 'user/a', 'user/c', 'dags/z'].map((key) => ({ key, bytes: mine }))),
    );
    mine[0] = 0;
    const found = await finish(store.scan({ prefix: 'user/', after: 'user/a', limit: 1 }));
    expect(found.map((entry) => [entry.key, text(entry.bytes)])).toEqual([['user/b', 'x']]);
    const all = await finish(store.scan({ prefix: 'user/', limit: 10 }));
    expect(all.map(({ key }) => key)).toEqual(['user/a', 'user/b', 'user/c']);
  });
});
