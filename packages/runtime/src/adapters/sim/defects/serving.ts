/**
 * Words of the read decisions that defects make.
 */
import {
  covers,
  EMPTY_CLOCK,
  isMismatch,
  joinCapsules,
  type CapsuleOrAbsent,
  type ReadDecision,
  type ReadQuestion,
  type ReadRule,
  type ReadSource,
  type VectorClock,
  versionOf,
} from '@stormglass/core';

export const versionHeld = (held: CapsuleOrAbsent): VectorClock =>
  held === 'absent' ? EMPTY_CLOCK : versionOf(held);

/** Whether a version lacks something of `need` and has nothing beyond it. */
export const isOlder = (held: CapsuleOrAbsent, need: VectorClock): boolean =>
  covers(need, versionHeld(held)) && !covers(versionHeld(held), need);

export const serve = (
  capsule: CapsuleOrAbsent,
  source: ReadSource,
  rule: ReadRule,
): ReadDecision => ({
  act: 'serve',
  capsule,
  source,
  rule,
  because: 'The planted defect says so.',
});

/** Reads of attempts at the causal levels, where the session has not written the key itself. */
export const isCausalRead = ({ session, key }: ReadQuestion): boolean =>
  (session.level === 'causal' || session.level === 'causal-cut') && !session.writes.has(key);

export function joined(a: CapsuleOrAbsent, b: CapsuleOrAbsent | undefined): CapsuleOrAbsent {
  if (a === 'absent' || b === undefined || b === 'absent') return a === 'absent' ? (b ?? a) : a;
  const join = joinCapsules(a, b);
  return isMismatch(join) ? a : join;
}
