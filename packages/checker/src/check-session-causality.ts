/**
 * Causality as a session is promised it (correctness.md 6.4 with siblings, protocols.md 2.7): what
 * is read is not below any write of its key that what the session knows of depends on, however
 * many steps away. From values alone.
 */
import type { Evidence } from './evidence.ts';
import { isBelow } from './evidence.ts';
import { isBefore, NO_ATTEMPT, type Op } from './indexed-history.ts';
import { say, violation, type Violation } from './violation.ts';

const checkedLevels: ReadonlySet<string> = new Set(['multi-key-causal', 'causal', 'causal-cut']);

export function checkSessionCausality(evidence: Evidence): readonly Violation[] {
  const { indexed, past } = evidence;
  const found: Violation[] = [];
  for (const { level, operations } of indexed.sessions) {
    if (!checkedLevels.has(level)) continue;
    for (const read of operations) {
      if (read.isWrite || read.isOut || hasOwnWrite(evidence, read)) continue;
      for (const write of indexed.writesOfKey.get(read.key) ?? []) {
        const isKnown = write.session < 0 || past.includes(read.id, write.id);
        if (!isKnown || write.isOut || !isBelow(evidence, read, write)) continue;
        const name = guaranteeOf(evidence, read, write);
        found.push(
          violation(name, `${say(read)}, and has ${say(write)} in its past`, [write, read]),
        );
        break;
      }
    }
  }
  return found;
}

/** After an own write it is that write which is read; another check is about it. */
function hasOwnWrite({ indexed }: Evidence, read: Op): boolean {
  const own = indexed.attempts[read.attempt]?.operations ?? [];
  return own.some(
    (write) => write.isWrite && write.key === read.key && isBefore(indexed, write, read),
  );
}

/** The session guarantee that the read breaks, by the name under which it is taught. */
function guaranteeOf({ indexed, past }: Evidence, read: Op, write: Op): string {
  const { operations } = indexed;
  const before = operations.filter(({ id }) => id === read.id || past.includes(read.id, id));
  const inSession = before.filter((op) => isOneSession(indexed, op, read));
  if (inSession.includes(write)) return 'read-your-writes';
  const isReadBefore = inSession.some(
    (op) => op.key === read.key && op !== read && op.sources.includes(write.id),
  );
  if (isReadBefore) return 'monotonic-reads';
  const known = inSession.flatMap(({ sources }) => sources).flatMap((id) => operations[id] ?? []);
  const after = known.filter((other) => past.includes(other.id, write.id));
  if (after.some((other) => isOneSession(indexed, other, write))) return 'monotonic-writes';
  const hasRead = after.some((other) =>
    operations.some(
      (op) =>
        isOneSession(indexed, op, other) &&
        op.sources.includes(write.id) &&
        past.includes(other.id, op.id),
    ),
  );
  return hasRead ? 'writes-follow-reads' : 'causality';
}

type Indexed = Evidence['indexed'];

function isOneSession(indexed: Indexed, one: Op, other: Op): boolean {
  if (one.session === other.session || rootOf(indexed, one) === rootOf(indexed, other)) return true;
  return one.attempt !== NO_ATTEMPT && one.attempt === other.attempt;
}

/** Invocations that hand one token on are one session. */
function rootOf(indexed: Indexed, { attempt, sessionId }: Op): string {
  let invocation = indexed.attempts[attempt]?.invocation;
  if (invocation === undefined) return `client ${sessionId}`;
  const seen = new Set<string>();
  while (invocation.continues !== undefined && !seen.has(invocation.id)) {
    seen.add(invocation.id);
    const before = indexed.invocations.get(invocation.continues);
    if (before === undefined) break;
    invocation = before;
  }
  return `invocation ${invocation.id}`;
}
