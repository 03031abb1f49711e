/**
 * How much the writes of one session carry about what they depend on: each has all that its session
 * has met before (ADR 5), so thousands of them have the square of their number.
 */
import type { Capsule, Failure, Key, Session } from '@stormglass/core';
import { DEPENDENCIES_CARRIED_MAX } from '../limits.ts';

function dependenciesIn(capsule: Capsule): number {
  if (capsule.kind !== 'register') return capsule.dependencies.size;
  return capsule.writes.reduce((sum, { dependencies }) => sum + dependencies.size, 0);
}

/** Why this write is one too many, if it is. */
export function tooManyDependencies(
  { writes }: Session,
  key: Key,
  made: Capsule,
): Failure | undefined {
  const own = dependenciesIn(made);
  const count = writes.has(key) ? writes.size : writes.size + 1;
  // No write before it carries more, as a session only grows: most of the time that is enough.
  if (own * count <= DEPENDENCIES_CARRIED_MAX) return undefined;
  let carried = own;
  for (const [other, capsule] of writes) if (other !== key) carried += dependenciesIn(capsule);
  if (carried <= DEPENDENCIES_CARRIED_MAX) return undefined;
  return {
    type: 'too-many-dependencies',
    key,
    detail:
      `With ${JSON.stringify(key)} the ${count} writes of this invocation depend on ` +
      `${carried} versions, and may on ${DEPENDENCIES_CARRIED_MAX}. Write in several invocations, ` +
      'keep more under one key, or write at "lww", where a write depends on nothing.',
  };
}
