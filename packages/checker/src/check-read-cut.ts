/**
 * Causal cut of a read set (correctness.md 6.7): nothing that an attempt has read depends on
 * something newer than what it has read elsewhere. Strict where all siblings are known, weak for a
 * plain get; from values, and from recorded dependencies.
 */
import { leavesOut, type Evidence } from './evidence.ts';
import { isBefore, type IndexedAttempt, type Op } from './indexed-history.ts';
import { EMPTY_VERSION, isCovered, joinVersions, require, versionText } from './requirement.ts';
import { say, violation, type Violation } from './violation.ts';

export function checkReadCut(evidence: Evidence, attempt: IndexedAttempt): readonly Violation[] {
  const reads = foreignReads(evidence, attempt);
  for (const moment of momentsOf(evidence, attempt, reads)) {
    const found = [...cutOfValues(evidence, moment), ...cutOfVersions(evidence, moment)];
    if (found.length > 0) return found;
  }
  return [];
}

/** The run's own writes contribute nothing, and neither does reading them. */
function foreignReads({ indexed }: Evidence, { operations }: IndexedAttempt): readonly Op[] {
  return operations.filter(
    (read) =>
      !read.isWrite &&
      !read.isOut &&
      !operations.some(
        (write) => write.isWrite && write.key === read.key && isBefore(indexed, write, read),
      ),
  );
}

/**
 * The whole attempt where it committed, else each path up to where it ended; and what had been read
 * whenever a key was about to be read as another version.
 */
function momentsOf(
  { indexed }: Evidence,
  { status }: IndexedAttempt,
  reads: readonly Op[],
): readonly (readonly Op[])[] {
  const isLast = (read: Op): boolean => !reads.some((other) => isBefore(indexed, read, other));
  const before = (read: Op): readonly Op[] =>
    reads.filter((other) => isBefore(indexed, other, read));
  const again = reads.filter((read) =>
    reads.some(
      (other) => other.key === read.key && isBefore(indexed, other, read) && differs(other, read),
    ),
  );
  const ends =
    status === 'committed' ? [reads] : reads.filter(isLast).map((read) => [...before(read), read]);
  return [...again.map(before), ...ends];
}

function differs(one: Op, other: Op): boolean {
  if (one.operation.kind === 'write' || other.operation.kind === 'write') return true;
  const { version } = one.operation;
  if (version !== undefined && other.operation.version !== undefined) {
    return (
      !isCovered(version, other.operation.version) || !isCovered(other.operation.version, version)
    );
  }
  return (
    one.sources.length !== other.sources.length ||
    one.sources.some((source) => !other.sources.includes(source))
  );
}

function byKey(reads: readonly Op[]): ReadonlyMap<string, readonly Op[]> {
  const grouped = new Map<string, Op[]>();
  for (const read of reads) {
    const group = grouped.get(read.key);
    if (group === undefined) grouped.set(read.key, [read]);
    else group.push(read);
  }
  return grouped;
}

function cutOfValues(evidence: Evidence, reads: readonly Op[]): readonly Violation[] {
  const { indexed, past } = evidence;
  const all = [...new Set(reads.flatMap(({ sources }) => sources))];
  const found: Violation[] = [];
  for (const [key, group] of byKey(reads)) {
    const standing = standingOf(evidence, group);
    if (standing === undefined) continue;
    for (const write of indexed.writesOfKey.get(key) ?? []) {
      const because = all.find((id) => id !== write.id && past.includes(id, write.id));
      if (because === undefined || !leavesOut(evidence, standing, write)) continue;
      const reader = reads.find(({ sources }) => sources.includes(because)) ?? group[0];
      const [other] = group;
      if (reader === undefined || other === undefined) continue;
      const sentence = `${say(reader)}, which depends on ${say(write)}, and ${say(other)}`;
      found.push(violation('read-set-cut', sentence, [write, reader, other]));
      break;
    }
  }
  return found;
}

/** One version per key: the newest of what was read of it. */
function standingOf({ indexed, replacement }: Evidence, group: readonly Op[]) {
  if (group.some(({ operation }) => operation.kind === 'read' && operation.values === undefined)) {
    return undefined;
  }
  const ids = [...new Set(group.flatMap(({ sources }) => sources))];
  const writes = ids.flatMap((id) => indexed.operations[id] ?? []);
  const newest = writes.filter(
    (write) => !writes.some((other) => replacement.replaces(other, write)),
  );
  return {
    sources: newest.map(({ id }) => id),
    isComplete:
      group.some(({ isComplete, sources }) => isComplete && sources.length > 0) ||
      group.every(({ isComplete }) => isComplete),
    isExact: group.every(
      ({ operation }) => operation.kind === 'read' && operation.version !== undefined,
    ),
    attempt: group[0]?.attempt ?? -1,
  };
}

function cutOfVersions({ indexed }: Evidence, reads: readonly Op[]): readonly Violation[] {
  const requirement = new Map();
  const versions = new Map<string, typeof EMPTY_VERSION>();
  for (const { key, operation } of reads) {
    if (operation.kind === 'write' || operation.version === undefined) continue;
    require(indexed, requirement, key, operation.version);
    versions.set(key, joinVersions(versions.get(key) ?? EMPTY_VERSION, operation.version));
  }
  const found: Violation[] = [];
  for (const read of reads) {
    const version = versions.get(read.key);
    const bound = requirement.get(read.key);
    if (version === undefined || bound === undefined || isCovered(version, bound)) continue;
    const sentence = `${say(read)} as ${versionText(version)}, and the rest of what was read depends on `;
    found.push(violation('read-set-cut', `${sentence}${versionText(bound)}`, [read]));
  }
  return found;
}
