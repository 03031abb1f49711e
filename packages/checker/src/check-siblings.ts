/**
 * That siblings do not grow (correctness.md 6.8): a put takes the place of all that its session had
 * seen of the key, so a session that has seen every sibling leaves one, and nothing ever stands
 * beside what has replaced it.
 */
import type { Evidence } from './evidence.ts';
import type { Level } from './history.ts';
import { isBefore, NO_ATTEMPT, type IndexedHistory, type Op } from './indexed-history.ts';
import { canReplace, type Replacement } from './replacement.ts';
import { say, violation, type Violation } from './violation.ts';

export function checkSiblings({ indexed, replacement }: Evidence): readonly Violation[] {
  const found: Violation[] = [];
  for (const op of indexed.operations) {
    if (!op.isWrite) found.push(...besideReplaced(indexed, replacement, op));
    else if (canReplace(op)) found.push(...keptBeside(indexed, replacement, op));
  }
  return found;
}

/** Where nothing white box is known, an LWW write is not known to have seen anything. */
function besideReplaced(
  { operations, sessions }: IndexedHistory,
  replacement: Replacement,
  read: Op,
): readonly Violation[] {
  const { sources, isComplete } = read;
  if (!isComplete || sources.length < 2) return [];
  const shown = sources.flatMap((id) => operations[id] ?? []);
  for (const later of shown) {
    if (!isRecorded(later) && sessions[later.session]?.level === 'lww') continue;
    const earlier = shown.find((one) => one !== later && replacement.replaces(later, one));
    if (earlier === undefined) continue;
    const sentence = `${say(read)}: ${say(later)} has replaced ${say(earlier)}`;
    return [violation('sibling-growth', sentence, [read, later, earlier])];
  }
  return [];
}

function keptBeside(
  indexed: IndexedHistory,
  replacement: Replacement,
  write: Op,
): readonly Violation[] {
  const level = indexed.sessions[write.session]?.level;
  if (level === undefined || level === 'lww' || !isRecorded(write)) return [];
  for (const seen of seenBy(indexed, write, level)) {
    const kept = (seen.isWrite ? [seen] : sourcesOf(indexed, seen)).find(
      (one) => one !== write && isKept(replacement, write, one),
    );
    if (kept === undefined) continue;
    const sentence = `${say(write)} stands beside ${say(kept)}, which its session had seen`;
    return [violation('sibling-growth', sentence, [write, seen])];
  }
  return [];
}

/** Of two that are stamped the stamps say which one stands; that is another rule. */
const isKept = (replacement: Replacement, write: Op, seen: Op): boolean =>
  canReplace(seen) &&
  isRecorded(seen) &&
  !(isStamped(write) && isStamped(seen)) &&
  !replacement.replaces(write, seen);

const isStamped = ({ operation }: Op): boolean =>
  operation.kind === 'write' && operation.stamp !== undefined;

const sourcesOf = ({ operations }: IndexedHistory, { sources }: Op): readonly Op[] =>
  sources.flatMap((id) => operations[id] ?? []);

const isRecorded = ({ operation }: Op): boolean =>
  operation.kind === 'write' &&
  (operation.stamp !== undefined ||
    (operation.dot !== undefined && operation.context !== undefined));

const continuing: ReadonlySet<Level> = new Set([
  'single-key-causal',
  'multi-key-causal',
  'causal',
  'causal-cut',
]);

/** What a write's session did before with its key, the invocations that it continues included. */
function seenBy(indexed: IndexedHistory, write: Op, level: Level): readonly Op[] {
  const { attempts, attemptsOf, invocations } = indexed;
  const attempt = attempts[write.attempt];
  if (write.attempt === NO_ATTEMPT || attempt === undefined) return [];
  const seen = attempt.operations.filter(
    (op) => op.key === write.key && !op.isOut && isBefore(indexed, op, write),
  );
  if (!continuing.has(level)) return seen;
  const passed = new Set<string>();
  let before = attempt.invocation.continues;
  while (before !== undefined && !passed.has(before)) {
    passed.add(before);
    for (const one of attemptsOf.get(before) ?? []) {
      if (one.status !== 'committed' || one.level === 'lww') continue;
      seen.push(...one.operations.filter((op) => op.key === write.key && !op.isOut));
    }
    before = invocations.get(before)?.continues;
  }
  return seen;
}
