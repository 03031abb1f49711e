/**
 * When everything has come to rest (correctness.md 6.6): every place has the same, it is what was
 * acknowledged and nothing else, no write is lost, and nothing is kept for what is over.
 */
import { leavesOut, type Evidence } from './evidence.ts';
import type { Held, Leftovers } from './history.ts';
import { NO_ATTEMPT, type Op } from './indexed-history.ts';
import { canReplace, covers, isDelete } from './replacement.ts';
import { versionText } from './requirement.ts';
import { say, violation, type Violation } from './violation.ts';

interface HeldAt {
  readonly place: string;
  readonly held: Held;
}

export function checkConvergence(evidence: Evidence): readonly Violation[] {
  const byKey = new Map<string, HeldAt[]>();
  for (const { place, held } of evidence.indexed.history.atRest) {
    for (const one of held) {
      const known = byKey.get(one.key);
      if (known === undefined) byKey.set(one.key, [{ place, held: one }]);
      else known.push({ place, held: one });
    }
  }
  return [...byKey].flatMap(([key, places]) => [
    ...disagreements(key, places),
    ...wrongValues(evidence, key, places),
  ]);
}

export function checkLeftovers({ place, counts }: Leftovers): readonly Violation[] {
  const kept = [...counts].filter(([, count]) => count > 0);
  if (kept.length === 0) return [];
  const list = kept.map(([name, count]) => `${count} ${name}`).join(', ');
  return [violation('leftovers', `In the end ${place} still has ${list}`)];
}

function disagreements(key: string, places: readonly HeldAt[]): readonly Violation[] {
  const found: Violation[] = [];
  for (const facet of [versionFacet, stateFacet, valuesFacet, pickFacet]) {
    const told = places.flatMap(({ place, held }) => {
      const text = facet(held);
      return text === undefined ? [] : [{ place, text }];
    });
    const [first] = told;
    const other = told.find(({ text }) => text !== first?.text);
    if (first === undefined || other === undefined) continue;
    const sentence =
      `In the end ${first.place} has ${key} as ${first.text || 'absent'}, and ` +
      `${other.place} as ${other.text || 'absent'}`;
    found.push(violation('divergence', sentence, [], key));
    break;
  }
  return found;
}

const versionFacet = ({ version }: Held): string | undefined =>
  version === undefined ? undefined : versionText(new Map([...version].toSorted(byName)));
const stateFacet = ({ state }: Held): string | undefined => state?.toString();
const valuesFacet = ({ values, isPick }: Held): string | undefined =>
  isPick && values?.length !== 0 ? undefined : values?.toSorted().join(' | ');
/** Which of the siblings a plain get returns is the same everywhere too. */
const pickFacet = ({ values, isPick }: Held): string | undefined =>
  isPick ? values?.join(' | ') : undefined;

function byName([one]: readonly [string, number], [other]: readonly [string, number]): number {
  return one < other ? -1 : 1;
}

/** Of what is merged the values are not told apart: a version has to count every merge. */
function uncovered(
  { indexed }: Evidence,
  key: string,
  places: readonly HeldAt[],
): readonly Violation[] {
  const found: Violation[] = [];
  for (const { place, held } of places) {
    if (held.version === undefined) continue;
    for (const write of indexed.writesOfKey.get(key) ?? []) {
      const { operation, status } = write;
      if (operation.kind === 'read' || operation.dot === undefined || status !== 'ok') continue;
      if (covers(held.version, operation.dot)) continue;
      const sentence = `In the end ${say(write)} is not in ${key} at ${place}`;
      found.push(violation('lost-write', sentence, [write]));
    }
  }
  return found;
}

function wrongValues(
  evidence: Evidence,
  key: string,
  places: readonly HeldAt[],
): readonly Violation[] {
  const { indexed, replacement } = evidence;
  const shown = places.find(({ held }) => !held.isPick) ?? places[0];
  if (shown?.held.values === undefined) return uncovered(evidence, key, places);
  const { place, held } = shown;
  const found: Violation[] = [];
  const sources: Op[] = [];
  for (const value of held.values ?? []) {
    const write = indexed.writeOfValue.get(value);
    if (write !== undefined && write.key === key && write.status !== 'failed') sources.push(write);
    else {
      const sentence = `In the end ${place} has ${value} at ${key}, which nobody has written`;
      found.push(violation('resurrected', sentence, write === undefined ? [] : [write], key));
    }
  }
  const standing = {
    sources: sources.map(({ id }) => id),
    isComplete: !held.isPick || sources.length === 0,
    isExact: held.version !== undefined,
    attempt: NO_ATTEMPT,
  };
  const acknowledged = (indexed.writesOfKey.get(key) ?? []).filter(
    ({ status, session }) => status === 'ok' && session >= 0,
  );
  for (const write of acknowledged) {
    const isReplaced = acknowledged.some((other) => replacement.replaces(other, write));
    const stale = sources.find((one) => replacement.replaces(write, one));
    if (stale !== undefined) {
      const sentence = `In the end ${place} has ${say(stale)}, and ${say(write)} replaced it`;
      found.push(violation('stale-at-rest', sentence, [stale, write]));
    } else if (!isReplaced && leavesOut(evidence, standing, write)) {
      const name = sources.some(canReplace) && !isDelete(write) ? 'lost-update' : 'lost-write';
      found.push(violation(name, `In the end ${say(write)} is not in ${key} at ${place}`, [write]));
    }
  }
  return found;
}
