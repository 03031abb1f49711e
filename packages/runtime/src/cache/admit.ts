/**
 * Admission to the causal cut (protocols.md 2.6, corrected): a version enters together with
 * everything it depends on, or waits. Cycles are fine, the group is the visited set.
 */
import {
  covers,
  EMPTY_CLOCK,
  versionOf,
  type CapsuleOrAbsent,
  type Key,
  type ProtocolStrategies,
  type VectorClock,
} from '@stormglass/core';
import type { Held } from './held-versions.ts';

export interface Admission {
  /** The keys whose newest version may enter the cut in one step; empty when something is missing. */
  readonly group: readonly Key[];
  /** What has to be fetched first: key and the clock it must cover. */
  readonly missing: readonly (readonly [Key, VectorClock])[];
}

const clockOf = (capsule: CapsuleOrAbsent | undefined): VectorClock =>
  capsule === undefined || capsule === 'absent' ? EMPTY_CLOCK : versionOf(capsule);

export const planAdmission = (
  key: Key,
  peek: (key: Key) => Held | undefined,
  { requirementsOf }: ProtocolStrategies,
): Admission => {
  const group = new Set([key]);
  const missing: (readonly [Key, VectorClock])[] = [];
  for (const member of group) {
    const fresh = peek(member)?.fresh;
    if (fresh === undefined || fresh === 'absent') continue;
    for (const [dependency, required] of requirementsOf(fresh)) {
      const held = peek(dependency);
      if (group.has(dependency) || covers(clockOf(held?.cut), required)) {
        if (!covers(clockOf(held?.fresh), required)) missing.push([dependency, required]);
      } else if (covers(clockOf(held?.fresh), required)) group.add(dependency);
      else missing.push([dependency, required]);
    }
  }
  return missing.length > 0 ? { group: [], missing } : { group: [...group], missing };
};
