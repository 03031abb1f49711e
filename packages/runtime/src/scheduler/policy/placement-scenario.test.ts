// X2: which executor the policy chooses. Every executor takes every function, so "pinned on E1, E2
// and E3" is a fleet of these three, on workers of their own. What runs on an executor the scheduler
// counts itself; where nothing runs it does not matter what was reported before. Equal candidates
// are not drawn: the one that runs least is next, which spreads a stream of calls as evenly.
import { expect, test } from 'vitest';
import { UTILISATION_PERIOD_MS } from '../../limits.ts';
import { Fleet } from '../fleet.ts';
import { placeByLocality, type PlacementRequest } from './locality.ts';

const KEYS = ['k1', 'k2', 'k3'];
const NOW_US = 60_000_000;
const PERIOD_US = UTILISATION_PERIOD_MS * 1_000;

interface Described {
  readonly load?: number;
  readonly cached: number;
  readonly utilisation?: number;
  /** Periods since it was reported. */
  readonly age?: number;
}

/** E1, E2 and E3 on workers of their own; one call runs on each where nothing else is said. */
function fleetOf(executors: Readonly<Record<string, Described>>): Fleet {
  const fleet = new Fleet();
  for (const [id, { load = 1, cached, utilisation, age = 0 }] of Object.entries(executors)) {
    fleet.join(`worker of ${id}`, [id]);
    fleet.addLoad(fleet.executor(id)!, load);
    for (const key of KEYS.slice(0, cached)) fleet.worker(`worker of ${id}`)!.keys.add(key);
    if (utilisation !== undefined) {
      fleet.reported(id, { utilisation, atUs: NOW_US - age * PERIOD_US });
    }
  }
  return fleet;
}

function chosen(fleet: Fleet, keys: readonly string[]): string {
  const request: PlacementRequest = {
    nodes: [{ id: 'a', function: 'f' }],
    edges: [],
    order: ['a'],
    keysOf: () => keys,
    nowUs: NOW_US,
  };
  return placeByLocality(request, fleet)!.get('a')!.executor;
}

test('X2 the executor with most of the keys that is not over the threshold', () => {
  const E3 = { cached: 0, utilisation: 0.1 };
  const E1 = { cached: 3, utilisation: 0.71 };
  expect(chosen(fleetOf({ E1, E2: { cached: 2, utilisation: 0.7 }, E3 }), KEYS)).toBe('E2');
  expect(chosen(fleetOf({ E1, E2: { cached: 2, utilisation: 0.71 }, E3 }), KEYS)).toBe('E3');
  const free = { cached: 3, utilisation: 0.7 };
  expect(chosen(fleetOf({ E1: free, E2: { cached: 2, utilisation: 0.1 }, E3 }), KEYS)).toBe('E1');
  // As busy as it was, nothing runs there now.
  expect(chosen(fleetOf({ E1: { ...E1, load: 0 }, E3 }), KEYS)).toBe('E1');
});

test('X2 what the scheduler has placed counts before it is reported', () => {
  const some = { E2: { load: 3, cached: 2 }, E3: { load: 0, cached: 0 } };
  expect(chosen(fleetOf({ E1: { load: 4, cached: 3 }, ...some }), KEYS)).toBe('E2');
  expect(chosen(fleetOf({ E1: { load: 3, cached: 3 }, ...some }), KEYS)).toBe('E1');
});

test('X2 the only executor is chosen, however busy it is', () => {
  expect(chosen(fleetOf({ E1: { cached: 3, utilisation: 0.95 } }), KEYS)).toBe('E1');
  expect(chosen(fleetOf({ E1: { load: 95, cached: 3 } }), KEYS)).toBe('E1');
});

test('X2 when all are busy one of them is chosen', () => {
  const busy = { cached: 1, utilisation: 0.9 };
  const full = { load: 90, cached: 1 };
  for (const each of [busy, full]) {
    expect(['E1', 'E2', 'E3']).toContain(chosen(fleetOf({ E1: each, E2: each, E3: each }), KEYS));
  }
});

test('X2 a report older than two periods says nothing: neither busy nor idle', () => {
  const E2 = { cached: 2, utilisation: 0.7 };
  const over = (age: number) => fleetOf({ E1: { cached: 3, utilisation: 0.95, age }, E2 });
  expect(chosen(over(2), KEYS)).toBe('E2');
  expect(chosen(over(2.01), KEYS)).toBe('E1');
  // Of two that run as much, the one that is known not to be busy is first.
  const idle = (age: number) => fleetOf({ E1: { cached: 0, utilisation: 0.1, age }, E2 });
  expect(chosen(idle(2), [])).toBe('E1');
  expect(chosen(idle(2.01), [])).toBe('E2');
});

test.each([
  ['told so', { cached: 3, utilisation: 0.71 }],
  ['is full', { load: 50, cached: 3 }],
])('X2 calls without references are spread evenly over the others where E1 %s', (_, E1) => {
  const fleet = fleetOf({
    E1,
    E2: { load: 0, cached: 3, utilisation: 0.7 },
    E3: { load: 0, cached: 3, utilisation: 0.1 },
  });
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
