// X2: which executor the policy chooses. There are no utilisation reports here: the scheduler counts
// what it has placed itself, so there is no report that could be old, and a function is not pinned
// to some executors. Equal candidates are not drawn: the one that runs least is next, which spreads
// a stream of calls as evenly.
import { expect, test } from 'vitest';
import { Fleet } from '../fleet.ts';
import { placeByLocality, type PlacementRequest } from './locality.ts';

const KEYS = ['k1', 'k2', 'k3'];

/** E1, E2 and E3 on workers of their own, with this load, and this many of the keys cached. */
function fleetOf(executors: Readonly<Record<string, { load: number; cached: number }>>): Fleet {
  const fleet = new Fleet();
  for (const [id, { load, cached }] of Object.entries(executors)) {
    fleet.join(`worker of ${id}`, [id]);
    fleet.addLoad(fleet.executor(id)!, load);
    for (const key of KEYS.slice(0, cached)) fleet.worker(`worker of ${id}`)!.keys.add(key);
  }
  return fleet;
}

function chosen(fleet: Fleet, keys: readonly string[]): string {
  const request: PlacementRequest = {
    nodes: [{ id: 'a', function: 'f' }],
    edges: [],
    order: ['a'],
    keysOf: () => keys,
  };
  return placeByLocality(request, fleet)!.get('a')!.executor;
}

test('X2 the executor with most of the keys, unless it is busy', () => {
  const some = { E2: { load: 3, cached: 2 }, E3: { load: 0, cached: 0 } };
  expect(chosen(fleetOf({ E1: { load: 4, cached: 3 }, ...some }), KEYS)).toBe('E2');
  expect(chosen(fleetOf({ E1: { load: 3, cached: 3 }, ...some }), KEYS)).toBe('E1');
});

test('X2 the only executor is chosen, however busy it is', () => {
  expect(chosen(fleetOf({ E1: { load: 95, cached: 3 } }), KEYS)).toBe('E1');
});

test('X2 when all are busy one of them is chosen', () => {
  const busy = { load: 90, cached: 1 };
  expect(['E1', 'E2', 'E3']).toContain(chosen(fleetOf({ E1: busy, E2: busy, E3: busy }), KEYS));
});

test('X2 calls without references are spread evenly over those that are not busy', () => {
  const idle = { load: 0, cached: 3 };
  const fleet = fleetOf({ E1: { load: 50, cached: 3 }, E2: idle, E3: idle });
  const counts = new Map<string, number>();
  const running: string[] = [];
  for (let call = 0; call < 10_000; call += 1) {
    const executor = chosen(fleet, []);
    counts.set(executor, (counts.get(executor) ?? 0) + 1);
    fleet.addLoad(fleet.executor(executor)!, 1);
    running.push(executor);
    // Three calls run at any time; the one that began first ends first.
    const over = running.length > 3 ? running.shift() : undefined;
    if (over !== undefined) fleet.addLoad(fleet.executor(over)!, -1);
  }
  expect(counts.get('E1')).toBeUndefined();
  for (const executor of ['E2', 'E3']) {
    expect(Math.abs(counts.get(executor)! - 5_000)).toBeLessThanOrEqual(150);
  }
});
