/**
 * What a function put is what its session reads from then on, before anybody else can (decision 5
 * of the protocols; read your writes inside one attempt).
 */
import { isBefore, type IndexedAttempt, type IndexedHistory, type Op } from './indexed-history.ts';
import { canReplace, type Replacement } from './replacement.ts';
import { say, violation, type Violation } from './violation.ts';

export function checkOwnWrites(
  indexed: IndexedHistory,
  replacement: Replacement,
  attempt: IndexedAttempt,
): readonly Violation[] {
  const found: Violation[] = [];
  const writes = attempt.operations.filter(
    ({ isWrite, status }) => isWrite && status !== undefined,
  );
  if (writes.length === 0) return found;
  for (const read of attempt.operations) {
    if (read.operation.kind === 'write' || read.operation.values === undefined || read.isOut)
      continue;
    for (const write of lastWrites(indexed, writes, read)) {
      if (isKept({ indexed, replacement, read, write })) continue;
      found.push(violation('own-write-lost', `${say(read)} after ${say(write)}`, [write, read]));
    }
  }
  return found;
}

/** Own writes before the read that no own write before it has replaced. */
function lastWrites(indexed: IndexedHistory, writes: readonly Op[], read: Op): readonly Op[] {
  const before = writes.filter((write) => write.key === read.key && isBefore(indexed, write, read));
  return before.filter(
    (write) => !before.some((other) => canReplace(other) && isBefore(indexed, write, other)),
  );
}

function isKept(of: {
  readonly indexed: IndexedHistory;
  readonly replacement: Replacement;
  readonly read: Op;
  readonly write: Op;
}): boolean {
  const { indexed, replacement, read, write } = of;
  if (read.sources.includes(write.id)) return true;
  const { operation } = write;
  const isExact = read.operation.kind === 'read' && read.operation.version !== undefined;
  // A tombstone is seen by what it hides.
  if (operation.kind === 'write' && operation.effect.kind === 'delete' && !isExact) {
    return !read.sources.some((id) => isReplaced(of, indexed.operations[id]));
  }
  const shown = read.sources.flatMap((id) => indexed.operations[id] ?? []);
  if (shown.some((one) => replacement.replaces(one, write))) return true;
  if (read.sources.length === 0 && isHiddenByDelete(indexed, read, write)) return true;
  // What it returned may be a sibling, or a later write in the order of an LWW store.
  if (read.isComplete && !shown.some((one) => mayStandAlone(indexed, one, write))) return false;
  return shown.some((one) => !isReplaced(of, one));
}

function isReplaced(
  { replacement, write }: { readonly replacement: Replacement; readonly write: Op },
  one: Op | undefined,
): boolean {
  return one !== undefined && replacement.replaces(write, one);
}

/**
 * Where the later write stands and no siblings do, that may be a delete: of a branch that ran
 * beside, or at lww of anybody.
 */
function isHiddenByDelete(indexed: IndexedHistory, read: Op, write: Op): boolean {
  const level = indexed.sessions[read.session]?.level;
  if (level !== 'lww' && level !== 'repeatable-read') return false;
  return (indexed.writesOfKey.get(read.key) ?? []).some(
    (other) =>
      other.operation.kind === 'write' &&
      other.operation.effect.kind === 'delete' &&
      (level === 'lww' || other.attempt === write.attempt) &&
      !isBefore(indexed, other, write) &&
      !isBefore(indexed, read, other),
  );
}

/** LWW writes have no siblings: the later of two stands, at repeatable read of two of one attempt. */
function mayStandAlone({ sessions }: IndexedHistory, one: Op, write: Op): boolean {
  const level = sessions[write.session]?.level;
  return level === 'lww' || (level === 'repeatable-read' && one.attempt === write.attempt);
}
