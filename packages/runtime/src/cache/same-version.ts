/**
 * Whether two capsules of a key are one version. Each message brings objects of its own, so a version
 * that came twice is there twice.
 */
import { clocksEqual, versionOf, type CapsuleOrAbsent } from '@stormglass/core';

export function isSameVersion(
  a: CapsuleOrAbsent | undefined,
  b: CapsuleOrAbsent | undefined,
): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a === 'absent' || b === 'absent') return false;
  return clocksEqual(versionOf(a), versionOf(b));
}
