/**
 * A capsule with other dependencies: of a register each write has its own.
 */
import type { Dependencies } from '../causality/dependencies.ts';
import type { Capsule, RegisterCapsule } from './capsule.ts';

/**
 * @param change is asked about each place that has dependencies, in their order
 * @returns the capsule itself when all of them stay the same object
 */
export function withDependencies(
  capsule: Capsule,
  change: (dependencies: Dependencies) => Dependencies,
): Capsule {
  if (capsule.kind === 'register') return registerWith(capsule, change);
  const dependencies = change(capsule.dependencies);
  return dependencies === capsule.dependencies ? capsule : { ...capsule, dependencies };
}

function registerWith(
  capsule: RegisterCapsule,
  change: (dependencies: Dependencies) => Dependencies,
): RegisterCapsule {
  let isChanged = false;
  const writes = capsule.writes.map((write) => {
    const dependencies = change(write.dependencies);
    if (dependencies === write.dependencies) return write;
    isChanged = true;
    return { ...write, dependencies };
  });
  return isChanged ? { kind: 'register', writes } : capsule;
}
