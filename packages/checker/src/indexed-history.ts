/**
 * A recorded history with every name resolved once: operations in one list, writes by value and by
 * key, attempts with the order of their nodes. Built in one pass; every checker reads it.
 */
import type {
  Attempt,
  Invocation,
  Level,
  Operation,
  RecordedHistory,
  Session,
  Status,
} from './history.ts';

/** The attempt of what belongs to none: a client's own operations. */
export const NO_ATTEMPT = -1;

export interface Op {
  /** Its place in `IndexedHistory.operations`. */
  readonly id: number;
  readonly session: number;
  readonly sessionId: string;
  readonly index: number;
  readonly attempt: number;
  readonly key: string;
  readonly isWrite: boolean;
  readonly operation: Operation;
  readonly status: Status;
  /** Of a read: the writes whose values it returned. */
  readonly sources: number[];
  /** Of a read: a set of values that is all there was; absence always is. */
  readonly isComplete: boolean;
  /** It has no place in any order: it failed, or nobody can tell that it ever happened. */
  isOut: boolean;
}

export interface IndexedSession {
  readonly index: number;
  readonly session: Session;
  readonly level: Level;
  readonly attempt: number;
  readonly operations: Op[];
}

export interface IndexedAttempt {
  readonly index: number;
  readonly invocation: Invocation;
  readonly number: number;
  readonly status: Attempt['status'];
  readonly level: Level;
  /** Node → its executions: one, or none when nothing was recorded of it. */
  readonly sessionsOfNode: ReadonlyMap<string, readonly number[]>;
  /** Node → every node that ended before it began. */
  readonly ancestors: ReadonlyMap<string, ReadonlySet<string>>;
  /** Node → those that trigger it. */
  readonly sources: ReadonlyMap<string, readonly string[]>;
  /** Nodes, each after those that trigger it. */
  readonly nodes: readonly string[];
  readonly operations: Op[];
}

export interface IndexedHistory {
  readonly history: RecordedHistory;
  readonly operations: readonly Op[];
  readonly sessions: readonly IndexedSession[];
  readonly attempts: readonly IndexedAttempt[];
  readonly invocations: ReadonlyMap<string, Invocation>;
  readonly attemptsOf: ReadonlyMap<string, readonly IndexedAttempt[]>;
  readonly writeOfValue: ReadonlyMap<string, Op>;
  /** Key → its writes, in the order of the record. */
  readonly writesOfKey: ReadonlyMap<string, readonly Op[]>;
  /** Writes that have the value of an earlier one. */
  readonly repeated: readonly Op[];
  /** Reads of values that nobody wrote to this key. */
  readonly thinAir: readonly { readonly read: Op; readonly value: string }[];
}

/** Every invocation as if it had been made at this level, where one is given. */
export function indexHistory(history: RecordedHistory, as?: Level): IndexedHistory {
  const builder = new Builder(history, as);
  return builder.build();
}

class Builder {
  readonly #history: RecordedHistory;
  readonly #as: Level | undefined;
  readonly #operations: Op[] = [];
  readonly #sessions: IndexedSession[] = [];
  readonly #attempts: IndexedAttempt[] = [];
  readonly #attemptsOf = new Map<string, IndexedAttempt[]>();
  readonly #writeOfValue = new Map<string, Op>();
  readonly #writesOfKey = new Map<string, Op[]>();
  readonly #repeated: Op[] = [];
  readonly #invocations = new Map<string, Invocation>();

  constructor(history: RecordedHistory, as: Level | undefined) {
    this.#history = history;
    this.#as = as;
  }

  build(): IndexedHistory {
    const { invocations, initial } = this.#history;
    for (const invocation of invocations) this.#invocations.set(invocation.id, invocation);
    this.#placeSessions();
    this.#addInitial(initial);
    for (const session of this.#sessions) this.#fillSession(session);
    return {
      history: this.#history,
      operations: this.#operations,
      sessions: this.#sessions,
      attempts: this.#attempts,
      invocations: this.#invocations,
      attemptsOf: this.#attemptsOf,
      writeOfValue: this.#writeOfValue,
      writesOfKey: this.#writesOfKey,
      repeated: this.#repeated,
      thinAir: this.#resolveReads(),
    };
  }

  #placeSessions(): void {
    const byAttempt = new Map<string, Map<number, { node: string; session: number }[]>>();
    const { sessions, invocations } = this.#history;
    for (const [index, session] of sessions.entries()) {
      if (session.kind === 'client') continue;
      const { invocation, attempt, node } = session;
      let attempts = byAttempt.get(invocation);
      if (attempts === undefined) byAttempt.set(invocation, (attempts = new Map()));
      const placed = attempts.get(attempt);
      if (placed === undefined) attempts.set(attempt, [{ node, session: index }]);
      else placed.push({ node, session: index });
    }
    for (const invocation of invocations) {
      const shape = shapeOf(invocation, byAttempt.get(invocation.id));
      for (const attempt of invocation.attempts) {
        const placed = byAttempt.get(invocation.id)?.get(attempt.number) ?? [];
        this.#addAttempt(invocation, attempt, { placed, shape });
      }
    }
    const attemptOf = new Int32Array(sessions.length).fill(NO_ATTEMPT);
    for (const { index, sessionsOfNode } of this.#attempts) {
      for (const placed of sessionsOfNode.values()) {
        for (const session of placed) attemptOf[session] = index;
      }
    }
    for (const [index, session] of sessions.entries()) {
      const attempt = attemptOf[index] ?? NO_ATTEMPT;
      const recorded = session.kind === 'client' ? session.level : this.#attempts[attempt]?.level;
      const level = this.#as ?? recorded ?? 'lww';
      this.#sessions.push({ index, session, level, attempt, operations: [] });
    }
  }

  #addAttempt(
    invocation: Invocation,
    { number, status }: Attempt,
    of: {
      readonly placed: readonly { readonly node: string; readonly session: number }[];
      readonly shape: Shape;
    },
  ): void {
    const sessionsOfNode = new Map<string, number[]>();
    for (const { node, session } of of.placed) {
      const known = sessionsOfNode.get(node);
      if (known === undefined) sessionsOfNode.set(node, [session]);
      else known.push(session);
    }
    const attempt: IndexedAttempt = {
      index: this.#attempts.length,
      invocation,
      number,
      status,
      level: this.#as ?? invocation.level,
      sessionsOfNode,
      ...of.shape,
      operations: [],
    };
    this.#attempts.push(attempt);
    const known = this.#attemptsOf.get(invocation.id);
    if (known === undefined) this.#attemptsOf.set(invocation.id, [attempt]);
    else known.push(attempt);
  }

  /** Values from before the record: writes of nobody, each in a session of its own. */
  #addInitial(initial: RecordedHistory['initial']): void {
    for (const [key, value] of initial) {
      const operation: Operation = { kind: 'write', key, value, effect: { kind: 'put' } };
      this.#addOperation(operation, { session: NO_ATTEMPT, sessionId: 'before', index: 0 });
    }
  }

  #fillSession({ index: session, session: recorded, attempt, operations }: IndexedSession): void {
    for (const [index, operation] of recorded.operations.entries()) {
      const op = this.#addOperation(operation, {
        session,
        sessionId: recorded.id,
        index,
        attempt: this.#attempts[attempt],
      });
      operations.push(op);
    }
  }

  #addOperation(
    operation: Operation,
    of: {
      readonly session: number;
      readonly sessionId: string;
      readonly index: number;
      readonly attempt?: IndexedAttempt | undefined;
    },
  ): Op {
    const { session, sessionId, index, attempt } = of;
    const isWrite = operation.kind === 'write';
    const status = operation.status ?? (isWrite ? statusOf(attempt) : 'ok');
    const op: Op = {
      id: this.#operations.length,
      session,
      sessionId,
      index,
      attempt: attempt?.index ?? NO_ATTEMPT,
      key: operation.key,
      isWrite,
      operation,
      status,
      sources: [],
      isComplete:
        operation.kind === 'read' && (!operation.isPick || operation.values?.length === 0),
      // A function's write is seen by its own attempt whatever becomes of it.
      isOut:
        attempt === undefined ? status === 'failed' || (isWrite && status === 'unknown') : false,
    };
    this.#operations.push(op);
    attempt?.operations.push(op);
    if (operation.kind === 'write') this.#addWrite(op, operation.value);
    else if (status === 'failed') op.isOut = true;
    return op;
  }

  #addWrite(op: Op, value: string): void {
    if (this.#writeOfValue.has(value)) this.#repeated.push(op);
    else this.#writeOfValue.set(value, op);
    const writes = this.#writesOfKey.get(op.key);
    if (writes === undefined) this.#writesOfKey.set(op.key, [op]);
    else writes.push(op);
  }

  /** Also puts back unknown writes that somebody has read: they did happen. */
  #resolveReads(): IndexedHistory['thinAir'] {
    const thinAir: { read: Op; value: string }[] = [];
    for (const read of this.#operations) {
      if (read.operation.kind === 'write' || read.isOut) continue;
      for (const value of read.operation.values ?? []) {
        const write = this.#writeOfValue.get(value);
        if (write === undefined || write.key !== read.key) thinAir.push({ read, value });
        else {
          read.sources.push(write.id);
          if (write.status === 'unknown') write.isOut = false;
        }
      }
    }
    return thinAir;
  }
}

/** A write of an attempt whose end is not known may have happened; of an abandoned one must not. */
function statusOf(attempt: IndexedAttempt | undefined): Status {
  if (attempt === undefined || attempt.status === 'committed') return 'ok';
  return attempt.status === 'abandoned' ? 'failed' : 'unknown';
}

type Shape = Pick<IndexedAttempt, 'ancestors' | 'sources' | 'nodes'>;

/** The DAG of an invocation; nodes that stand in no edge are known by their sessions. */
function shapeOf(
  { edges }: Invocation,
  placed: ReadonlyMap<number, readonly { readonly node: string }[]> | undefined,
): Shape {
  const sources = new Map<string, string[]>();
  for (const [from, to] of edges) {
    if (!sources.has(from)) sources.set(from, []);
    const known = sources.get(to);
    if (known === undefined) sources.set(to, [from]);
    else known.push(from);
  }
  for (const sessions of placed?.values() ?? []) {
    for (const { node } of sessions) if (!sources.has(node)) sources.set(node, []);
  }
  const ancestors = new Map<string, Set<string>>();
  const visit = (node: string): Set<string> => {
    const known = ancestors.get(node);
    if (known !== undefined) return known;
    const found = new Set<string>();
    // Set before it is filled: a cycle in the record ends here, and is refused elsewhere.
    ancestors.set(node, found);
    for (const source of sources.get(node) ?? []) {
      for (const before of visit(source)) found.add(before);
      found.add(source);
    }
    nodes.push(node);
    return found;
  };
  const nodes: string[] = [];
  for (const node of sources.keys()) visit(node);
  return { ancestors, sources, nodes };
}

/** Whether `a` came before `b` in one attempt, by the order of a function or along its DAG. */
export function isBefore(indexed: IndexedHistory, a: Op, b: Op): boolean {
  if (a.session === b.session) return a.index < b.index;
  if (a.attempt === NO_ATTEMPT || a.attempt !== b.attempt) return false;
  const from = indexed.sessions[a.session]?.session;
  const to = indexed.sessions[b.session]?.session;
  if (from?.kind !== 'function' || to?.kind !== 'function') return false;
  return indexed.attempts[a.attempt]?.ancestors.get(to.node)?.has(from.node) === true;
}
