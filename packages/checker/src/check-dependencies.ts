/**
 * White box: no read is below what its session has read before, or below what anything that it has
 * read depends on by the recorded dependencies (protocols.md 2.7). A session that goes on begins
 * with all that came before it.
 */
import type { Evidence } from './evidence.ts';
import { isBefore, type Op } from './indexed-history.ts';
import { isCovered, joinVersions, require, versionText, type Requirement } from './requirement.ts';
import { say, violation, type Violation } from './violation.ts';

const checkedLevels: ReadonlySet<string> = new Set(['multi-key-causal', 'causal', 'causal-cut']);

export function checkDependencies(evidence: Evidence): readonly Violation[] {
  const { indexed, graph, order } = evidence;
  const { operations } = indexed;
  if (!operations.some(({ operation: read }) => read.kind === 'read' && read.version)) return [];
  const found: Violation[] = [];
  const known: (Requirement | undefined)[] = Array.from({ length: graph.size });
  for (const vertex of order) {
    const op = operations[vertex];
    const inherited = inheritedBy(evidence, known, vertex);
    if (op !== undefined && isChecked(evidence, op)) {
      const problem = problemOf(evidence, op, inherited);
      if (problem !== undefined) found.push(problem);
    }
    known[vertex] = op === undefined ? inherited : afterwards(evidence, op, inherited);
  }
  return found;
}

function isChecked({ indexed }: Evidence, op: Op): boolean {
  return !op.isOut && checkedLevels.has(indexed.sessions[op.session]?.level ?? '');
}

/** Shared with the predecessor where there is only one; never changed in place. */
function inheritedBy(
  { indexed, graph }: Evidence,
  known: readonly (Requirement | undefined)[],
  vertex: number,
): Requirement | undefined {
  const { operations } = indexed;
  const session = operations[vertex]?.session;
  let inherited: Requirement | undefined;
  let isShared = true;
  for (let at = graph.from[vertex] ?? 0; at < (graph.from[vertex + 1] ?? 0); at += 1) {
    const before = graph.predecessors[at] ?? -1;
    // What a session knows comes along its own order; what it reads is added with its version.
    const from = operations[before]?.session;
    if (session !== undefined && from !== undefined && from !== session) continue;
    const other = known[before];
    if (other === undefined || other === inherited) continue;
    if (inherited === undefined) {
      inherited = other;
      continue;
    }
    if (isShared) inherited = new Map(inherited);
    isShared = false;
    for (const [key, version] of other) {
      const mine = inherited.get(key);
      inherited.set(key, mine === undefined ? version : joinVersions(mine, version));
    }
  }
  return inherited;
}

function problemOf(
  { indexed }: Evidence,
  read: Op,
  inherited: Requirement | undefined,
): Violation | undefined {
  const { operation } = read;
  const bound = inherited?.get(read.key);
  if (operation.kind === 'write' || operation.version === undefined || bound === undefined) return;
  if (isCovered(operation.version, bound) || isAfterOwnWrite(indexed, read)) return undefined;
  const sentence = `${say(read)} as ${versionText(operation.version)}, below ${versionText(bound)}`;
  return violation('below-dependency', sentence, [read]);
}

function isAfterOwnWrite(indexed: Evidence['indexed'], read: Op): boolean {
  const own = indexed.attempts[read.attempt]?.operations ?? [];
  return own.some(
    (write) => write.isWrite && write.key === read.key && isBefore(indexed, write, read),
  );
}

function afterwards(
  evidence: Evidence,
  op: Op,
  inherited: Requirement | undefined,
): Requirement | undefined {
  const { operation } = op;
  if (!isChecked(evidence, op)) return inherited;
  // An own write tells its session nothing that it did not know when it wrote.
  if (!op.isWrite && isAfterOwnWrite(evidence.indexed, op)) return inherited;
  const added =
    operation.kind === 'read'
      ? operation.version
      : operation.dot && new Map([[operation.dot.writer, operation.dot.count]]);
  if (added === undefined || added.size === 0) return inherited;
  const before = inherited?.get(op.key);
  if (before !== undefined && isCovered(before, added)) return inherited;
  const after: Requirement = new Map(inherited);
  // What an own write depends on came from its session: it binds where the session binds.
  if (op.isWrite) after.set(op.key, before === undefined ? added : joinVersions(before, added));
  else require(evidence.indexed, after, op.key, added);
  return after;
}
