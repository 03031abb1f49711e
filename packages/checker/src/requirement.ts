/**
 * White box: what a reader has to respect, as versions by key: what it has read, and the closure of
 * the recorded dependencies, through the writes that a version contains (correctness.md 6.7).
 */
import type { Version } from './history.ts';
import type { IndexedHistory } from './indexed-history.ts';
import { covers } from './replacement.ts';

export type Requirement = Map<string, Version>;

export const EMPTY_VERSION: Version = new Map();

export function isCovered(version: Version, bound: Version): boolean {
  if (version === bound) return true;
  for (const [writer, count] of bound) if ((version.get(writer) ?? 0) < count) return false;
  return true;
}

/** The first one, same reference, when the second adds nothing. */
export function joinVersions(one: Version, other: Version): Version {
  if (isCovered(one, other)) return one;
  if (isCovered(other, one)) return other;
  const joined = new Map(one);
  for (const [writer, count] of other) {
    if ((joined.get(writer) ?? 0) < count) joined.set(writer, count);
  }
  return joined;
}

/** Adds a version of a key and all that it depends on; cycles of dependencies are fine. */
export function require(
  indexed: IndexedHistory,
  requirement: Requirement,
  key: string,
  version: Version,
): void {
  const before = requirement.get(key);
  if (before !== undefined && isCovered(before, version)) return;
  requirement.set(key, before === undefined ? version : joinVersions(before, version));
  for (const { operation, status } of indexed.writesOfKey.get(key) ?? []) {
    if (operation.kind === 'read' || status === 'failed') continue;
    const { dot, dependencies } = operation;
    if (dot === undefined || dependencies === undefined || !covers(version, dot)) continue;
    for (const [dependency, bound] of dependencies) {
      require(indexed, requirement, dependency, bound);
    }
  }
}

export function versionText(version: Version): string {
  return `{${[...version].map(([writer, count]) => `${writer}:${count}`).join(' ')}}`;
}
