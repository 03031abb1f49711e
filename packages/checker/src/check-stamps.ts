/**
 * Stamps follow what was read: a writer that has read a version stamps above it, whatever its wall
 * clock says (correctness.md S11, 6.8).
 */
import { isBefore, type IndexedAttempt, type IndexedHistory, type Op } from './indexed-history.ts';
import { isLaterStamp } from './replacement.ts';
import { say, violation, type Violation } from './violation.ts';

export function checkStamps(
  indexed: IndexedHistory,
  { operations, level }: IndexedAttempt,
): readonly Violation[] {
  const found: Violation[] = [];
  for (const later of operations) {
    if (!later.isWrite || stampOf(later) === undefined) continue;
    for (const other of operations) {
      if (other.key !== later.key || !isBefore(indexed, other, later)) continue;
      // At lww a session hands on what it wrote, and nothing of what it read.
      if (level === 'lww' && !other.isWrite && other.session !== later.session) continue;
      for (const id of other.isWrite ? [other.id] : other.sources) {
        const earlier = indexed.operations[id];
        if (earlier === undefined || !isInverted(earlier, later)) continue;
        const sentence = `${say(later)} with a stamp not above that of ${say(earlier)}`;
        found.push(violation('clock-inversion', sentence, [earlier, later]));
      }
    }
  }
  return found;
}

export function isInverted(earlier: Op, later: Op): boolean {
  const before = stampOf(earlier);
  const after = stampOf(later);
  return before !== undefined && after !== undefined && !isLaterStamp(after, before);
}

function stampOf({ operation }: Op) {
  return operation.kind === 'write' ? operation.stamp : undefined;
}
