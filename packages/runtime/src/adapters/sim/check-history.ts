/**
 * What must hold in every history, whatever the seed. Written from the definitions (correctness.md
 * 6), not from the roles: it knows versions and happens-before, and nothing of caches. Each
 * violation is a sentence.
 */
import {
  clockOf,
  clocksEqual,
  covers,
  EMPTY_CLOCK,
  joinClocks,
  type ConsistencyLevel,
  type InvocationId,
  type Key,
  type NodeId,
  type VectorClock,
  type VersionVector,
  type WorkerId,
} from '@stormglass/core';
import type {
  AnswerEntry,
  AttemptEntry,
  History,
  HistoryEntry,
  ReadEntry,
  WriteEntry,
} from './history.ts';
import { ancestorsIn } from './ancestors-in.ts';
import type { Scenario } from './scenario.ts';
import { stepOfTry } from './tries.ts';
import type { Violation } from './violation.ts';

/** Key → what a version of it must cover. */
type Requirement = Map<Key, VectorClock>;

interface CheckedAttempt {
  readonly start: AttemptEntry;
  readonly isCommitted: boolean;
  /** In the order of the history, which never puts an effect before its cause. */
  readonly operations: readonly (ReadEntry | WriteEntry)[];
  /** Node → every node that finished before it started. */
  readonly ancestors: ReadonlyMap<NodeId, ReadonlySet<NodeId>>;
}

interface CommittedWrite {
  readonly version: VectorClock;
  /** What its session had read and written by then; what that depends on is found through it. */
  readonly after: readonly (ReadEntry | WriteEntry)[];
}
type Committed = ReadonlyMap<Key, readonly CommittedWrite[]>;

const clock = (version: VersionVector): VectorClock => clockOf(Object.entries(version));
const say = (version: VersionVector): string => JSON.stringify(version);
const isOwn = (entry: ReadEntry): boolean => entry.rule === 'session/own-write';

/** One sentence for each thing that went wrong; empty when nothing did. */
export const checkHistory = (history: History, scenario: Scenario): readonly string[] =>
  findViolations(history, scenario).map(({ sentence }) => sentence);

export function findViolations(history: History, scenario: Scenario): readonly Violation[] {
  const attempts = attemptsOf(history, scenario);
  const committed = attempts
    .filter(({ isCommitted }) => isCommitted)
    .flatMap(({ operations }) => operations.filter((operation) => operation.kind === 'write'));
  const writes = byKey(attempts, scenario);
  return [
    ...answeredOnce(history, scenario),
    ...attempts.flatMap(repeatableReads),
    ...attempts.flatMap((attempt) => cutOfReads(attempt, writes)),
    ...causalReads(attempts, writes, scenario),
    ...cutReads(history, writes),
    ...lastingWrites(history, committed),
    ...atRest(history),
  ];
}

/**
 * The committed writes that order across keys, with what they come after: from what their sessions
 * did, and not from the dependencies that the roles wrote down, which forget what nobody can miss.
 */
function byKey(attempts: readonly CheckedAttempt[], scenario: Scenario): Committed {
  const committed = new Map<Key, CommittedWrite[]>();
  const before = previousInSession(scenario);
  const doneBy = new Map<InvocationId, readonly (ReadEntry | WriteEntry)[]>();
  for (const { start, isCommitted, operations, ancestors } of attempts) {
    if (!isCommitted || !ordersAcrossKeys(start.level)) continue;
    const inherited = doneBy.get(before.get(start.invocation) ?? '') ?? [];
    doneBy.set(start.invocation, [...inherited, ...operations]);
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

function attemptsOf(history: History, scenario: Scenario): readonly CheckedAttempt[] {
  const answers = new Map<InvocationId, AnswerEntry>();
  for (const entry of history) if (entry.kind === 'answer') answers.set(entry.invocation, entry);
  return history.flatMap((start) => {
    if (start.kind !== 'attempt') return [];
    const { invocation, attempt, dag } = start;
    const answer = answers.get(invocation);
    return [
      {
        start,
        isCommitted: answer?.attempts === attempt && answer.failure === undefined,
        operations: history
          .filter(isOperation)
          .filter((entry) => entry.invocation === invocation && entry.attempt === attempt),
        ancestors: ancestorsIn(scenario, dag),
      },
    ];
  });
}

/**
 * Every invocation is answered exactly once, unless the server died before it was; and nobody waits
 * in vain.
 */
function answeredOnce(history: History, scenario: Scenario): readonly Violation[] {
  const answers = new Map<InvocationId, number>();
  const excused = new Set<InvocationId>();
  const violations: Violation[] = [];
  for (const entry of history) {
    if (entry.kind === 'answer') {
      answers.set(entry.invocation, (answers.get(entry.invocation) ?? 0) + 1);
    } else if (entry.kind === 'unanswered') {
      if (entry.invocation !== undefined) excused.add(entry.invocation);
      if (entry.why === 'server-lost') continue;
      const what = entry.invocation ?? `a request for ${entry.key}`;
      const sentence = `Client ${entry.client} waited for the answer to ${what} in vain`;
      violations.push({ kind: 'answers', key: entry.key, sentence });
    }
  }
  const asked = scenario.clients.flat().filter((step) => step.do === 'invoke');
  for (const invocation of new Set([...asked.map((step) => step.invocation), ...excused])) {
    const count = answers.get(invocation) ?? 0;
    if (count === 1 || (count === 0 && excused.has(invocation))) continue;
    violations.push({ kind: 'answers', sentence: `${invocation} was answered ${count} times` });
  }
  return violations;
}

/** What an attempt writes itself is joined into what it reads of the key from then on. */
function readsBeforeOwnWrites({ operations, ancestors }: CheckedAttempt): readonly ReadEntry[] {
  const written = new Map<Key, NodeId[]>();
  return operations.flatMap((operation) => {
    const { key, node } = operation;
    const writers = written.get(key) ?? [];
    if (operation.kind === 'write') written.set(key, [...writers, node]);
    const isAfter = writers.some((other) => other === node || ancestors.get(node)?.has(other));
    return operation.kind === 'write' || isAfter || isOwn(operation) ? [] : [operation];
  });
}

/**
 * One version of a key along every path of an attempt; and one in the whole attempt if it
 * committed, because branches that disagree must not (correctness.md 6.3).
 */
function repeatableReads(attempt: CheckedAttempt) {
  const { start, isCommitted, ancestors } = attempt;
  if (start.level !== 'repeatable-read' && start.level !== 'causal-cut') return [];
  const violations: Violation[] = [];
  const earlier: ReadEntry[] = [];
  for (const read of readsBeforeOwnWrites(attempt)) {
    const before = ancestors.get(read.node);
    const other = earlier.find(
      (candidate) =>
        candidate.key === read.key &&
        (isCommitted || candidate.node === read.node || before?.has(candidate.node) === true) &&
        !clocksEqual(clock(candidate.version), clock(read.version)),
    );
    if (other !== undefined) {
      const sentence =
        `${start.invocation} attempt ${start.attempt} read ${read.key} as ${say(other.version)} at ` +
        `${other.node} and as ${say(read.version)} at ${read.node} (${read.rule})`;
      violations.push({ kind: 'repeatable-read', key: read.key, sentence });
    }
    earlier.push(read);
  }
  return violations;
}

/**
 * At `causal-cut` no read depends, transitively, on a newer version of a key than the one that the
 * attempt reads of it, before or after: along every path, and in the whole attempt if it committed
 * (correctness.md 6.7, strict).
 */
function cutOfReads(attempt: CheckedAttempt, committed: Committed): readonly Violation[] {
  if (attempt.start.level !== 'causal-cut') return [];
  const { start, isCommitted, ancestors } = attempt;
  const isBefore = (a: NodeId, b: NodeId): boolean => a === b || ancestors.get(b)?.has(a) === true;
  const reads = readsBeforeOwnWrites(attempt);
  return reads.flatMap((newer) => {
    const needs: Requirement = new Map();
    require(needs, newer.key, clock(newer.version), committed);
    return reads.flatMap((read): readonly Violation[] => {
      const { key, node } = read;
      const need = needs.get(key);
      const isTogether = isCommitted || isBefore(node, newer.node) || isBefore(newer.node, node);
      if (!isTogether || need === undefined || covers(clock(read.version), need)) return [];
      const sentence =
        `${start.invocation} attempt ${start.attempt} read ${key} as ${say(read.version)} at ${node} ` +
        `(${read.rule}) beside ${newer.key} ${say(newer.version)} at ${newer.node}, which needs ` +
        say(Object.fromEntries(need));
      return [{ kind: 'read-cut', key, sentence }];
    });
  });
}

/**
 * No read is below what the session has read before, or below what anything that it has read
 * depends on (2.7). A session that goes on begins with all that the invocation before it in the
 * same client has read and written.
 */
function causalReads(
  attempts: readonly CheckedAttempt[],
  committed: Committed,
  scenario: Scenario,
): readonly Violation[] {
  const violations: Violation[] = [];
  const before = previousInSession(scenario);
  const leftBy = new Map<InvocationId, Requirement>();
  for (const attempt of attempts) {
    const { start, isCommitted } = attempt;
    if (start.level !== 'causal' && start.level !== 'causal-cut') continue;
    const inherited =
      leftBy.get(before.get(stepOfTry(start.invocation)) ?? '') ?? new Map<Key, VectorClock>();
    const left = checkAttempt(attempt, committed, inherited, violations);
    if (isCommitted) leftBy.set(stepOfTry(start.invocation), left);
  }
  return violations;
}

/** Returns what a session that goes on from this attempt has to respect. */
function checkAttempt(
  { start, operations, ancestors }: CheckedAttempt,
  committed: Committed,
  inherited: Requirement,
  violations: Violation[],
): Requirement {
  const learnt = new Map<NodeId, Requirement>();
  for (const operation of operations) {
    const { key, node } = operation;
    const version = clock(operation.version);
    const known = [node, ...(ancestors.get(node) ?? [])].map((other) =>
      learnt.get(other)?.get(key),
    );
    const need = [inherited.get(key), ...known].reduce(
      (joined: VectorClock, one) => joinClocks(joined, one ?? EMPTY_CLOCK),
      EMPTY_CLOCK,
    );
    if (operation.kind === 'read' && !isOwn(operation) && !covers(version, need)) {
      const sentence =
        `${start.invocation} attempt ${start.attempt} read ${key} as ${say(operation.version)} at ` +
        `${node} (${operation.rule}), below ${say(Object.fromEntries(need))}`;
      violations.push({ kind: 'causal-read', key, sentence });
    }
    if (operation.kind === 'read' && isOwn(operation)) continue;
    const requirement = learnt.get(node) ?? new Map<Key, VectorClock>();
    learnt.set(node, requirement);
    if (operation.kind === 'read') require(requirement, key, version, committed);
  }
  const left: Requirement = new Map();
  for (const requirement of [inherited, ...learnt.values()]) {
    for (const [key, version] of requirement) require(left, key, version, committed);
  }
  for (const { kind, key, version } of operations) {
    if (kind === 'write') require(left, key, clock(version), committed);
  }
  return left;
}

/**
 * At `multi-key-causal` each cache is a causal cut (2.6): whatever it serves to whomever is never
 * below what it, or anything that it depends on, was before. A worker that crashed begins anew.
 */
function cutReads(history: History, committed: Committed): readonly Violation[] {
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

/** What was acknowledged is still there when everything has come to rest. */
function lastingWrites(history: History, committed: readonly WriteEntry[]): readonly Violation[] {
  const last = new Map<Key, VectorClock>();
  for (const entry of history) {
    if (entry.kind === 'final') last.set(entry.key, clock(entry.version));
  }
  const acknowledged = [
    ...committed.map(({ invocation, key, version }) => ({ by: invocation, key, version })),
    ...history.flatMap((entry) =>
      entry.kind === 'put' && entry.failure === undefined
        ? [{ by: `client ${entry.client}`, key: entry.key, version: entry.version }]
        : [],
    ),
  ];
  return acknowledged.flatMap(({ by, key, version }) => {
    if (covers(last.get(key) ?? EMPTY_CLOCK, clock(version))) return [];
    const sentence = `${by} wrote ${key} as ${say(version)}, and in the end it is not there`;
    return [{ kind: 'lost-write', key, sentence }];
  });
}

/**
 * Every cache serves what storage has, and nobody holds on to anything of an attempt that is over.
 */
function atRest(history: History): readonly Violation[] {
  const last = new Map<Key, VectorClock>();
  const violations: Violation[] = [];
  for (const entry of history) {
    if (entry.kind === 'final') last.set(entry.key, clock(entry.version));
    if (entry.kind === 'served') {
      const stored = last.get(entry.key) ?? EMPTY_CLOCK;
      if (!clocksEqual(clock(entry.version), stored)) {
        const { worker, key, version } = entry;
        const stores = say(Object.fromEntries(stored));
        const sentence = `In the end ${worker} serves ${key} as ${say(version)}, and storage has ${stores}`;
        violations.push({ kind: 'divergence', key, sentence });
      }
    }
    if (entry.kind === 'leftover' && entry.pinned + entry.calls > 0) {
      const { worker, pinned, calls } = entry;
      const sentence = `In the end ${worker} still has ${pinned} pins and ${calls} calls`;
      violations.push({ kind: 'leftover', sentence });
    }
  }
  return violations;
}
