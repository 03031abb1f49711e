/**
 * What a cache serves at `multi-key-causal`, in the order in which it serves it: only a simulation
 * knows that order, so this is checked here and not by the checkers of recorded histories.
 */
import {
  clockOf,
  covers,
  EMPTY_CLOCK,
  joinClocks,
  type ConsistencyLevel,
  type InvocationId,
  type Key,
  type VectorClock,
  type VersionVector,
  type WorkerId,
} from '@stormglass/core';
import { ancestorsIn } from './ancestors-in.ts';
import type { History, HistoryEntry, ReadEntry, WriteEntry } from './history.ts';
import type { Scenario } from './scenario.ts';
import { stepOfTry } from './tries.ts';
import type { Violation } from './violation.ts';

/** Key → what a version of it must cover. */
type Requirement = Map<Key, VectorClock>;

interface CommittedWrite {
  readonly version: VectorClock;
  /** What its session had read and written by then; what that depends on is found through it. */
  readonly after: readonly (ReadEntry | WriteEntry)[];
}
type Committed = ReadonlyMap<Key, readonly CommittedWrite[]>;

const clock = (version: VersionVector): VectorClock => clockOf(Object.entries(version));
const say = (version: VersionVector): string => JSON.stringify(version);

/**
 * At `multi-key-causal` each cache is a causal cut (2.6): whatever it serves to whomever is never
 * below what it, or anything that it depends on, was before. A worker that crashed begins anew.
 */
export function checkCacheReads(history: History, scenario: Scenario): readonly Violation[] {
  const isAsked = history.some(
    (entry) => entry.kind === 'attempt' && entry.level === 'multi-key-causal',
  );
  if (!isAsked) return [];
  const committed = committedWrites(history, scenario);
  const violations: Violation[] = [];
  const served = new Map<WorkerId, Requirement>();
  const own = new Set<string>();
  const levels = new Map<InvocationId, ConsistencyLevel>();
  for (const entry of history) {
    if (entry.kind === 'attempt') levels.set(entry.invocation, entry.level);
    if (entry.kind === 'crash') served.delete(entry.machine);
    if (!isOperation(entry) || levels.get(entry.invocation) !== 'multi-key-causal') continue;
    const { invocation, worker, key } = entry;
    const ofInvocation = JSON.stringify([invocation, key]);
    // What an invocation merged itself is joined into what it reads, and nobody else sees it.
    if (entry.kind === 'write') own.add(ofInvocation);
    if (entry.kind === 'write' || own.has(ofInvocation)) continue;
    const requirement = served.get(worker) ?? new Map<Key, VectorClock>();
    served.set(worker, requirement);
    const version = clock(entry.version);
    const need = requirement.get(key) ?? EMPTY_CLOCK;
    if (!covers(version, need)) {
      const sentence =
        `${worker} served ${key} as ${say(entry.version)} to ${invocation} (${entry.rule}), and its ` +
        `cut has ${say(Object.fromEntries(need))}`;
      violations.push({ kind: 'causal-read', key, sentence });
    }
    require(requirement, key, version, committed);
  }
  return violations;
}

/**
 * The committed writes that order across keys, with what they come after: from what their sessions
 * did, and not from the dependencies that the roles wrote down, which forget what nobody can miss.
 */
function committedWrites(history: History, scenario: Scenario): Committed {
  const committed = new Map<Key, CommittedWrite[]>();
  const before = previousInSession(scenario);
  const answers = new Map(
    history.flatMap((entry) => (entry.kind === 'answer' ? [[entry.invocation, entry]] : [])),
  );
  const operationsOf = Map.groupBy(history.filter(isOperation), ({ invocation, attempt }) =>
    JSON.stringify([invocation, attempt]),
  );
  const doneBy = new Map<InvocationId, readonly (ReadEntry | WriteEntry)[]>();
  for (const start of history) {
    if (start.kind !== 'attempt' || !ordersAcrossKeys(start.level)) continue;
    const { invocation, attempt } = start;
    const answer = answers.get(invocation);
    if (answer?.attempts !== attempt || answer.failure !== undefined) continue;
    const operations = operationsOf.get(JSON.stringify([invocation, attempt])) ?? [];
    const ancestors = ancestorsIn(scenario, start.dag);
    const step = stepOfTry(invocation);
    const inherited = doneBy.get(before.get(step) ?? '') ?? [];
    doneBy.set(step, [...inherited, ...operations]);
    for (const [index, write] of operations.entries()) {
      if (write.kind !== 'write') continue;
      const own = operations
        .slice(0, index)
        .filter(({ node }) => node === write.node || ancestors.get(write.node)?.has(node) === true);
      const after = [...inherited, ...own].filter(({ key }) => key !== write.key);
      const ofKey = committed.get(write.key) ?? [];
      committed.set(write.key, ofKey);
      ofKey.push({ version: clock(write.version), after });
    }
  }
  return committed;
}

const ordersAcrossKeys = (level: ConsistencyLevel): boolean =>
  level === 'multi-key-causal' || level === 'causal' || level === 'causal-cut';

const isOperation = (entry: HistoryEntry): entry is ReadEntry | WriteEntry =>
  entry.kind === 'read' || entry.kind === 'write';

/** Invocation → the one whose session it goes on in. */
function previousInSession(scenario: Scenario): ReadonlyMap<InvocationId, InvocationId> {
  const previous = new Map<InvocationId, InvocationId>();
  for (const steps of scenario.clients) {
    let last: InvocationId | undefined;
    for (const step of steps) {
      if (step.do !== 'invoke') continue;
      if (step.continuesSession === true && last !== undefined) previous.set(step.invocation, last);
      last = step.invocation;
    }
  }
  return previous;
}

/**
 * Adds a version and everything that it depends on, transitively, through the writes that it
 * contains.
 */
function require(
  requirement: Requirement,
  key: Key,
  version: VectorClock,
  committed: Committed,
): void {
  const before = requirement.get(key) ?? EMPTY_CLOCK;
  if (requirement.has(key) && covers(before, version)) return;
  requirement.set(key, joinClocks(before, version));
  for (const write of committed.get(key) ?? []) {
    if (!covers(version, write.version)) continue;
    for (const { key: dependency, version: bound } of write.after) {
      require(requirement, dependency, clock(bound), committed);
    }
  }
}
