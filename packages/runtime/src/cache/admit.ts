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

export interface CutCandidates {
  readonly peek: (key: Key) => Held | undefined;
  /** Whether the cache is registered for the key: what it holds may be too old for a cut otherwise. */
  readonly isCurrent: (key: Key) => boolean;
}

export const planAdmission = (
  key: Key,
  { peek, isCurrent }: CutCandidates,
  { requirementsOf }: ProtocolStrategies,
): Admission => {
  if (!isCurrent(key)) return { group: [], missing: [[key, EMPTY_CLOCK]] };
  const group = new Set([key]);
  const missing: (readonly [Key, VectorClock])[] = [];
  for (const member of group) {
    const fresh = peek(member)?.fresh;
    if (fresh === undefined || fresh === 'absent') continue;
    for (const [dependency, required] of requirementsOf(fresh)) {
      const held = peek(dependency);
      const isCovered = covers(clockOf(held?.fresh), required) && isCurrent(dependency);
      if (group.has(dependency) || covers(clockOf(held?.cut), required)) {
        if (!isCovered) missing.push([dependency, required]);
      } else if (isCovered) group.add(dependency);
      else missing.push([dependency, required]);
    }
  }
  return missing.length > 0 ? { group: [], missing } : { group: [...group], missing };
};
