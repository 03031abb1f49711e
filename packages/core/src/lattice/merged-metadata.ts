/**
 * What counter, set, map and max share: a clock and dependencies that only grow, and an epoch that
 * a delete raises. The capsule is the product of three lattices: clocks × dependencies × (epoch,
 * state) compared epoch first. The epoch is totally ordered, which is what makes such a pair a
 * lattice.
 */
import { joinDependencies, NO_DEPENDENCIES } from '../causality/dependencies.ts';
import { ownMap } from '../causality/own-map.ts';
import { EMPTY_CLOCK, joinClocks } from '../clock/vector-clock.ts';
import type { MergedMetadata } from './capsule.ts';

export const BOTTOM_METADATA: MergedMetadata = {
  epoch: 0,
  clock: EMPTY_CLOCK,
  dependencies: NO_DEPENDENCIES,
};

/**
 * Joins two capsules of one kind. The clock is joined across epochs as well: a merge that a delete
 * has absorbed has been seen, and a session that asks for it is served.
 * @param joinStates joins the states of two capsules of one epoch; returns its first argument when
 *   nothing is added
 * @param withMetadata the first argument with this epoch, clock and dependencies
 */
export function joinMerged<T extends MergedMetadata>(
  a: T,
  b: T,
  joinStates: (a: T, b: T) => T,
  withMetadata: (state: T, metadata: MergedMetadata) => T,
): T {
  if (a === b) return a;
  const clock = joinClocks(a.clock, b.clock);
  const dependencies = joinDependencies(a.dependencies, b.dependencies);
  const state = newestEpochOf(a, b, joinStates);
  if (state === a && clock === a.clock && dependencies === a.dependencies) return a;
  return withMetadata(state, { epoch: state.epoch, clock, dependencies });
}

function newestEpochOf<T extends MergedMetadata>(a: T, b: T, joinStates: (a: T, b: T) => T): T {
  if (a.epoch === b.epoch) return joinStates(a, b);
  return a.epoch > b.epoch ? a : b;
}

/** The union of two maps whose common entries are joined; `a` itself when `b` adds nothing. */
export function joinEntries<K, V>(
  a: ReadonlyMap<K, V>,
  b: ReadonlyMap<K, V>,
  join: (a: V, b: V) => V,
): ReadonlyMap<K, V> {
  let joined: Map<K, V> | undefined;
  for (const [key, value] of b) {
    const before = a.get(key);
    const after = before === undefined ? value : join(before, value);
    if (before !== undefined && after === before) continue;
    joined ??= ownMap(a, false);
    joined.set(key, after);
  }
  return joined ?? a;
}
