/**
 * Repeatable read of an attempt (correctness.md 6.3): along every path of its DAG one version of a
 * key, absence included; in an attempt that committed, one in all of it. Reads of different
 * attempts never mix.
 */
import { isBefore, type IndexedAttempt, type IndexedHistory, type Op } from './indexed-history.ts';
import { say, violation, type Violation } from './violation.ts';

export function checkRepeatableRead(
  indexed: IndexedHistory,
  attempt: IndexedAttempt,
): readonly Violation[] {
  const found: Violation[] = [];
  const foreign = new Map<string, Op[]>();
  for (const read of attempt.operations) {
    if (read.isWrite || read.isOut || seesOwnWrite(indexed, attempt, read)) continue;
    const earlier = foreign.get(read.key);
    if (earlier === undefined) {
      foreign.set(read.key, [read]);
      continue;
    }
    const other = earlier.find(
      (one) => versionText(one) !== versionText(read) && isBound(indexed, attempt, one, read),
    );
    if (other !== undefined) found.push(changed(indexed, other, read));
    earlier.push(read);
  }
  return found;
}

/** After an own write it is that write which has to be read, and not what was read before it. */
function seesOwnWrite(indexed: IndexedHistory, attempt: IndexedAttempt, read: Op): boolean {
  return attempt.operations.some(
    (write) => write.isWrite && write.key === read.key && isBefore(indexed, write, read),
  );
}

function isBound(indexed: IndexedHistory, { status }: IndexedAttempt, one: Op, other: Op): boolean {
  return status === 'committed' || isBefore(indexed, one, other) || isBefore(indexed, other, one);
}

function changed(indexed: IndexedHistory, one: Op, other: Op): Violation {
  const isJoin = !isBefore(indexed, one, other) && !isBefore(indexed, other, one);
  return violation(
    isJoin ? 'join-conflict' : 'non-repeatable-read',
    `${say(one)} and ${say(other)} in one attempt`,
    [one, other],
  );
}

/** The version where it is recorded; else the values, which name their writes. */
function versionText({ operation }: Op): string {
  if (operation.kind === 'write') return '';
  if (operation.version !== undefined) {
    return [...operation.version]
      .map(([writer, count]) => `${writer} ${count}`)
      .toSorted()
      .join();
  }
  return operation.values?.toSorted().join('\n') ?? `${operation.state}`;
}
