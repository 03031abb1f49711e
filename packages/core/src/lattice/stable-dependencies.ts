/**
 * Dependency garbage collection on a capsule (protocols.md 2.8): what every place covers need not
 * be said any more. The version and the value stay as they are.
 */
import { type StableClockOf, withoutStable } from '../causality/dependencies.ts';
import type { Capsule, RegisterCapsule } from './capsule.ts';

/** The argument itself when nothing of it is stable. */
export function withoutStableDependencies(capsule: Capsule, stableOf: StableClockOf): Capsule {
  if (capsule.kind === 'register') return registerWithoutStable(capsule, stableOf);
  const dependencies = withoutStable(capsule.dependencies, stableOf);
  return dependencies === capsule.dependencies ? capsule : { ...capsule, dependencies };
}

function registerWithoutStable(capsule: RegisterCapsule, stableOf: StableClockOf): RegisterCapsule {
  let isChanged = false;
  const writes = capsule.writes.map((write) => {
    const dependencies = withoutStable(write.dependencies, stableOf);
    if (dependencies === write.dependencies) return write;
    isChanged = true;
    return { ...write, dependencies };
  });
  return isChanged ? { kind: 'register', writes } : capsule;
}

export const hasDependencies = (capsule: Capsule): boolean =>
  capsule.kind === 'register'
    ? capsule.writes.some(({ dependencies }) => dependencies.size > 0)
    : capsule.dependencies.size > 0;
