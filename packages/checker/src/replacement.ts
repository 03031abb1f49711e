/**
 * Which write replaces which: what a later write of the same key has seen is gone when it comes
 * (correctness.md 6.4, siblings). Only a put and a delete replace; what is merged stays inside.
 */
import type { CausalPast } from './causal-past.ts';
import type { Dot, Level, Stamp, Version, WriteOperation } from './history.ts';
import { isBefore, NO_ATTEMPT, type IndexedHistory, type Op } from './indexed-history.ts';

const stampedLevels: ReadonlySet<Level> = new Set(['lww', 'repeatable-read']);

export class Replacement {
  readonly #indexed: IndexedHistory;
  readonly #past: CausalPast;
  /** Write → the writes of its key that its function had seen, and whether others stood beside them. */
  readonly #seen = new Map<number, Seen>();

  constructor(indexed: IndexedHistory, past: CausalPast) {
    this.#indexed = indexed;
    this.#past = past;
  }

  /** `later` certainly replaces `earlier`. */
  replaces(later: Op, earlier: Op): boolean {
    if (later === earlier || !canReplace(later)) return false;
    const known = this.#byRecord(later, earlier);
    if (known !== undefined) return known;
    return this.#seenBy(later).writes.has(earlier.id);
  }

  /** Nothing in the record says that `later` does not replace `earlier`. */
  mayReplace(later: Op, earlier: Op): boolean {
    if (later === earlier || !canReplace(later)) return false;
    const known = this.#byRecord(later, earlier);
    if (known !== undefined) return known;
    if (this.#past.includes(later.id, earlier.id)) return true;
    if (this.#isStamped(later) && this.#isStamped(earlier)) return true;
    if (earlier.session < 0) return true;
    // It removes what the store showed it, whether anybody read that or not.
    if (isDelete(later) && !this.#past.includes(earlier.id, later.id)) return true;
    return this.#mayHaveSeen(later, earlier);
  }

  /** What the white box says; undefined when it says nothing. */
  #byRecord(later: Op, earlier: Op): boolean | undefined {
    const { context, stamp } = writeOf(later);
    const { dot, stamp: other } = writeOf(earlier);
    if (stamp !== undefined && other !== undefined) return isLaterStamp(stamp, other);
    if (context !== undefined && dot !== undefined) return covers(context, dot);
    return undefined;
  }

  #isStamped(op: Op): boolean {
    const level = this.#indexed.sessions[op.session]?.level;
    return level !== undefined && stampedLevels.has(level);
  }

  /**
   * The session had seen it before this invocation, or it may have been a sibling of what a plain get
   * returned to the writer before it wrote.
   */
  #mayHaveSeen(later: Op, earlier: Op): boolean {
    const before = this.#seenBefore(later);
    if (before.some((op) => op === earlier || op.sources.includes(earlier.id))) return true;
    const picks = before.filter((op) => !op.isWrite && !op.isComplete);
    return [...this.#seenBy(later).picks, ...picks].some(
      (pick) =>
        !this.#past.includes(earlier.id, pick.id) &&
        pick.sources.every((id) => {
          const picked = this.#indexed.operations[id];
          return (
            picked !== undefined &&
            !this.replaces(earlier, picked) &&
            !this.replaces(picked, earlier)
          );
        }),
    );
  }

  /** What was read and written of the key in the invocations whose session the writer continues. */
  #seenBefore({ attempt, key }: Op): readonly Op[] {
    const { invocations, attempts, attemptsOf } = this.#indexed;
    const seen: Op[] = [];
    const passed = new Set<string>();
    let before = attempts[attempt]?.invocation.continues;
    while (before !== undefined && !passed.has(before)) {
      passed.add(before);
      const operations = (attemptsOf.get(before) ?? []).flatMap((one) => one.operations);
      seen.push(...operations.filter((op) => op.key === key && !op.isOut));
      before = invocations.get(before)?.continues;
    }
    return seen;
  }

  #seenBy(write: Op): Seen {
    const known = this.#seen.get(write.id);
    if (known !== undefined) return known;
    const seen: Seen = { writes: new Set(), picks: [] };
    this.#seen.set(write.id, seen);
    if (write.attempt === NO_ATTEMPT) return seen;
    for (const other of this.#indexed.attempts[write.attempt]?.operations ?? []) {
      if (other.key !== write.key || !isBefore(this.#indexed, other, write)) continue;
      if (other.isWrite) seen.writes.add(other.id);
      else {
        for (const source of other.sources) seen.writes.add(source);
        if (!other.isComplete) seen.picks.push(other);
      }
    }
    return seen;
  }
}

interface Seen {
  readonly writes: Set<number>;
  readonly picks: Op[];
}

function writeOf(op: Op): WriteOperation {
  if (op.operation.kind === 'read') throw new Error(`${op.sessionId}[${op.index}] is no write`);
  return op.operation;
}

export function isDelete(op: Op): boolean {
  return op.operation.kind === 'write' && op.operation.effect.kind === 'delete';
}

/** A merge adds to what is there; a put or a delete takes the place of what it has seen. */
export function canReplace(op: Op): boolean {
  if (op.operation.kind === 'read') return false;
  const { kind } = op.operation.effect;
  return kind === 'put' || kind === 'delete';
}

export function covers(version: Version, { writer, count }: Dot): boolean {
  return (version.get(writer) ?? 0) >= count;
}

export function isLaterStamp(one: Stamp, other: Stamp): boolean {
  return one.time > other.time || (one.time === other.time && one.writer > other.writer);
}
