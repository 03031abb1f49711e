/**
 * What no history may have, whatever the level (correctness.md 6.2): values out of thin air, of
 * writes that failed or were never committed, and names that lead nowhere.
 */
import { isBefore, NO_ATTEMPT, type IndexedHistory, type Op } from './indexed-history.ts';
import { canReplace } from './replacement.ts';
import { say, violation, type Violation } from './violation.ts';

export function checkWellFormed(indexed: IndexedHistory): readonly Violation[] {
  const found: Violation[] = [...badNames(indexed)];
  for (const write of indexed.repeated) {
    found.push(violation('repeated-value', `${say(write)}, as another write did before`, [write]));
  }
  for (const { read, value } of indexed.thinAir) {
    found.push(
      violation('thin-air', `${say(read)}, and nobody wrote ${value} to ${read.key}`, [read]),
    );
  }
  for (const read of indexed.operations) {
    for (const source of read.sources) {
      const write = indexed.operations[source];
      if (write !== undefined) found.push(...badSource(indexed, read, write));
    }
  }
  return found;
}

export function cycleViolation(cycle: readonly Op[]): Violation {
  const path = cycle.map(say).join(' → ');
  return violation('cyclic-order', `Operations precede themselves: ${path}`, cycle);
}

function badSource(indexed: IndexedHistory, read: Op, write: Op): readonly Violation[] {
  const both = [write, read];
  if (write.session === read.session && write.index > read.index) {
    return [violation('future-read', `${say(read)} before ${say(write)}`, both)];
  }
  if (write.attempt !== NO_ATTEMPT && write.attempt === read.attempt) {
    return isBefore(indexed, read, write)
      ? [violation('future-read', `${say(read)} before ${say(write)}`, both)]
      : [];
  }
  if (write.status === 'failed') {
    const name = write.attempt === NO_ATTEMPT ? 'failed-read' : 'dirty-read';
    return [violation(name, `${say(read)}, of a write that did not take effect`, both)];
  }
  const later = replacedBeforeCommit(indexed, write);
  return later === undefined
    ? []
    : [violation('intermediate-read', `${say(read)}, and ${say(later)} before it committed`, both)];
}

/** An attempt commits once: of several puts in a row only the last one can be seen from outside. */
function replacedBeforeCommit(indexed: IndexedHistory, write: Op): Op | undefined {
  if (write.attempt === NO_ATTEMPT || write.operation.status !== undefined) return undefined;
  return indexed.attempts[write.attempt]?.operations.find(
    (other) =>
      other.isWrite &&
      other.key === write.key &&
      canReplace(other) &&
      canReplace(write) &&
      isBefore(indexed, write, other),
  );
}

function badNames({ history, sessions, invocations }: IndexedHistory): readonly Violation[] {
  const found: Violation[] = [];
  const seen = new Set<string>();
  for (const { session, attempt } of sessions) {
    if (seen.has(session.id)) {
      found.push(violation('bad-record', `Two sessions are called ${session.id}`));
    }
    seen.add(session.id);
    if (session.kind === 'function' && attempt === NO_ATTEMPT) {
      const { id, invocation, attempt: number } = session;
      const sentence = `${id} belongs to attempt ${number} of ${invocation}, which is not recorded`;
      found.push(violation('bad-record', sentence));
    }
  }
  for (const { id, continues } of history.invocations) {
    if (continues !== undefined && !invocations.has(continues)) {
      found.push(violation('bad-record', `${id} continues ${continues}, which is not recorded`));
    }
  }
  if (invocations.size < history.invocations.length) {
    found.push(violation('bad-record', 'Two invocations have the same id'));
  }
  return found;
}
