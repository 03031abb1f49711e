/**
 * Dependency garbage collection on a capsule (protocols.md 2.8): what every place covers need not
 * be said any more. The version and the value stay as they are.
 */
import { type StableClockOf, withoutStable } from '../causality/dependencies.ts';
import type { Capsule } from './capsule.ts';
import { withDependencies } from './with-dependencies.ts';

/** The argument itself when nothing of it is stable. */
export const withoutStableDependencies = (capsule: Capsule, stableOf: StableClockOf): Capsule =>
  withDependencies(capsule, (dependencies) => withoutStable(dependencies, stableOf));

export const hasDependencies = (capsule: Capsule): boolean =>
  capsule.kind === 'register'
    ? capsule.writes.some(({ dependencies }) => dependencies.size > 0)
    : capsule.dependencies.size > 0;
