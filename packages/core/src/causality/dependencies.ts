/**
 * Dependencies: key → the clock that must be covered before the dependent version may be seen
 * (HydroCache, COPS).
 */
import { EMPTY_CLOCK, joinClocks, type VectorClock } from '../clock/vector-clock.ts';
import type { Key } from '../ids.ts';

export type Dependencies = ReadonlyMap<Key, VectorClock>;

export const NO_DEPENDENCIES: Dependencies = new Map();

/** The requirement on `key` raised to cover `clock` too; `dependencies` itself when that adds nothing. */
export function addDependency(
  dependencies: Dependencies,
  key: Key,
  clock: VectorClock,
): Dependencies {
  const before = dependencies.get(key) ?? EMPTY_CLOCK;
  const after = joinClocks(before, clock);
  return after === before ? dependencies : new Map(dependencies).set(key, after);
}

/** Key by key the pointwise maximum; `a` itself when `b` adds nothing. */
export function joinDependencies(a: Dependencies, b: Dependencies): Dependencies {
  if (a === b) return a;
  let joined: Map<Key, VectorClock> | undefined;
  for (const [key, clock] of b) {
    const before = a.get(key) ?? EMPTY_CLOCK;
    const after = joinClocks(before, clock);
    if (after === before) continue;
    joined ??= new Map(a);
    joined.set(key, after);
  }
  return joined ?? a;
}

/** Whether `dependencies` asks at least for everything that `required` asks for. */
export function dependenciesCover(dependencies: Dependencies, required: Dependencies): boolean {
  return joinDependencies(dependencies, required) === dependencies;
}

export function withoutKey(dependencies: Dependencies, key: Key): Dependencies {
  if (!dependencies.has(key)) return dependencies;
  const rest = new Map(dependencies);
  rest.delete(key);
  return rest;
}
