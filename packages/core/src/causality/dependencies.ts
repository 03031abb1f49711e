/**
 * Dependencies: key → the clock that must be covered before the dependent version may be seen
 * (HydroCache, COPS).
 */
import {
  clocksEqual,
  covers,
  EMPTY_CLOCK,
  growClock,
  joinClocks,
  type VectorClock,
} from '../clock/vector-clock.ts';
import { copyOfMap } from '../copy-of-map.ts';
import type { Key, WriterId } from '../ids.ts';
import { GrownMap } from './grown-map.ts';
import { ownMap } from './own-map.ts';

export type Dependencies = ReadonlyMap<Key, VectorClock>;

export const NO_DEPENDENCIES: Dependencies = new Map();

/**
 * The requirement on `key` raised to cover `clock` too; `dependencies` itself when that adds nothing.
 * @param inPlace `dependencies` are the caller's own, and grow
 */
export function addDependency(
  dependencies: Dependencies,
  key: Key,
  clock: VectorClock,
  inPlace = false,
): Dependencies {
  const before = dependencies.get(key) ?? EMPTY_CLOCK;
  const after = joinClocks(before, clock);
  return after === before ? dependencies : ownMap(dependencies, inPlace).set(key, after);
}

/**
 * Key by key the pointwise maximum; `a` itself when `b` adds nothing.
 * @param inPlace `a` is the caller's own, and grows
 */
export function joinDependencies(a: Dependencies, b: Dependencies, inPlace = false): Dependencies {
  if (a === b) return a;
  let joined: Map<Key, VectorClock> | undefined;
  for (const [key, clock] of b) {
    const before = a.get(key) ?? EMPTY_CLOCK;
    const after = joinClocks(before, clock);
    if (after === before) continue;
    joined ??= ownMap(a, inPlace);
    joined.set(key, after);
  }
  return joined ?? a;
}

/** Key by key the pointwise maximum of all of them, in one pass over their entries. */
export function joinAllDependencies(all: readonly Dependencies[]): Dependencies {
  let first = NO_DEPENDENCIES;
  let joined: Map<Key, VectorClock> | undefined;
  /** Of `joined`, the clocks that were made here. */
  const grown = new Map<Key, Map<WriterId, number>>();
  for (const dependencies of all) {
    if (dependencies.size === 0) continue;
    if (first.size === 0) {
      first = dependencies;
      continue;
    }
    for (const [key, clock] of dependencies) {
      const before = (joined ?? first).get(key);
      if (before !== undefined && covers(before, clock)) continue;
      joined ??= copyOfMap(first);
      if (before === undefined) joined.set(key, clock);
      else {
        const known = grown.get(key);
        const own = known ?? copyOfMap(before);
        growClock(own, clock);
        if (known !== undefined) continue;
        grown.set(key, own);
        joined.set(key, own);
      }
    }
  }
  return joined ?? first;
}

/**
 * The same dependencies, with clocks that are known already in the place of equal ones: what very
 * many versions depend on takes the memory of one.
 * @returns the argument itself when no clock is replaced
 */
export function withKnownClocks(
  dependencies: Dependencies,
  knownOf: (key: Key) => VectorClock | undefined,
): Dependencies {
  // It shares more than its clocks already.
  if (dependencies instanceof GrownMap) return dependencies;
  let shared: Map<Key, VectorClock> | undefined;
  for (const [key, clock] of dependencies) {
    const known = knownOf(key);
    if (known === undefined || known === clock || !clocksEqual(known, clock)) continue;
    shared ??= copyOfMap(dependencies);
    shared.set(key, known);
  }
  return shared ?? dependencies;
}

/** Whether `dependencies` asks at least for everything that `required` asks for. */
export function dependenciesCover(dependencies: Dependencies, required: Dependencies): boolean {
  return joinDependencies(dependencies, required) === dependencies;
}

export function withoutKey(dependencies: Dependencies, key: Key): Dependencies {
  if (!dependencies.has(key)) return dependencies;
  const rest = copyOfMap(dependencies);
  rest.delete(key);
  return rest;
}

/** The clock that every place where a key could be read is known to cover; `undefined`: none is known. */
export type StableClockOf = (key: Key) => VectorClock | undefined;

/**
 * Dependencies without those that can no longer be missed. A dependency goes as a whole or not at
 * all: what is left of its clock would not be the clock of a version, and a write that takes it for
 * what its session has seen would cover a version without covering what that one has replaced.
 * @returns the argument itself when all of it still counts
 */
export function withoutStable(dependencies: Dependencies, stableOf: StableClockOf): Dependencies {
  let rest: Map<Key, VectorClock> | undefined;
  for (const [key, required] of dependencies) {
    const stable = stableOf(key);
    if (stable === undefined || !covers(stable, required)) continue;
    rest ??= copyOfMap(dependencies);
    rest.delete(key);
  }
  return rest ?? dependencies;
}
