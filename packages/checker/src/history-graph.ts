/**
 * What directly precedes what: the order of a session, triggers, session tokens, and read-from, as
 * one graph over operations and the beginnings and ends of executions (correctness.md 6.1).
 */
import {
  isBefore,
  NO_ATTEMPT,
  type IndexedAttempt,
  type IndexedHistory,
  type Op,
} from './indexed-history.ts';

/**
 * Vertices 0 … n-1 are the operations. Behind them stand the begin and the end of each node of each
 * attempt, and of each invocation.
 */
export interface HistoryGraph {
  readonly size: number;
  /** Vertex → where its direct predecessors stand in `predecessors`; one longer than `size`. */
  readonly from: Int32Array;
  readonly predecessors: Int32Array;
}

/** Which edges of an attempt count. */
export type Tracking =
  /** All: the order of its functions, triggers, and the token it carries. */
  | 'session'
  /** Only the order inside one function execution. */
  | 'execution'
  /** None but what a write took over from what it replaces. */
  | 'key';

/** The begin and the end of one place: of a node of an attempt, or of an invocation. */
interface Span {
  readonly begin: number;
  readonly end: number;
}

export function graphOf(
  indexed: IndexedHistory,
  trackingOf: (session: number) => Tracking = () => 'session',
  trackingOfInvocation: (id: string) => Tracking = () => 'session',
): HistoryGraph {
  const builder = new GraphBuilder(indexed, trackingOf, trackingOfInvocation);
  return builder.build();
}

class GraphBuilder {
  readonly #indexed: IndexedHistory;
  readonly #trackingOf: (session: number) => Tracking;
  readonly #trackingOfInvocation: (id: string) => Tracking;
  readonly #from: number[] = [];
  readonly #predecessors: number[] = [];
  readonly #invocations = new Map<string, Span>();
  readonly #nodes: Map<string, Span>[] = [];
  #next: number;

  constructor(
    indexed: IndexedHistory,
    trackingOf: (session: number) => Tracking,
    trackingOfInvocation: (id: string) => Tracking,
  ) {
    this.#indexed = indexed;
    this.#trackingOf = trackingOf;
    this.#trackingOfInvocation = trackingOfInvocation;
    this.#next = indexed.operations.length;
  }

  build(): HistoryGraph {
    const { operations, attempts, invocations } = this.#indexed;
    for (const id of invocations.keys()) this.#invocations.set(id, this.#span());
    for (const { nodes } of attempts) {
      this.#nodes.push(new Map(nodes.map((node) => [node, this.#span()])));
    }
    const lasts = this.#addOperations(operations);
    for (const { id, continues } of invocations.values()) {
      this.#addInvocation(id, continues);
    }
    for (const attempt of attempts) {
      for (const node of attempt.nodes) this.#addNode(attempt, node, lasts);
    }
    this.#from.push(this.#predecessors.length);
    return {
      size: this.#next,
      from: Int32Array.from(this.#from),
      predecessors: Int32Array.from(this.#predecessors),
    };
  }

  #span(): Span {
    const begin = this.#next;
    this.#next += 2;
    return { begin, end: begin + 1 };
  }

  /** Vertices are added in the order of their numbers. */
  #vertex(before: readonly number[] = []): void {
    this.#from.push(this.#predecessors.length);
    for (const vertex of before) this.#predecessors.push(vertex);
  }

  /** Returns the last vertices of each session, behind which comes what comes after it. */
  #addOperations(operations: readonly Op[]): readonly (readonly number[])[] {
    const { sessions } = this.#indexed;
    const lasts = sessions.map(({ session, attempt }): readonly number[] => {
      if (session.kind === 'client' || attempt === NO_ATTEMPT) return [];
      const begin = this.#nodes[attempt]?.get(session.node)?.begin;
      return begin === undefined ? [] : [begin];
    });
    /** Session → what stands before the reads that were asked for together last. */
    const beforeLasts = lasts.slice();
    for (const op of operations) {
      const tracking = op.session < 0 ? 'key' : this.#trackingOf(op.session);
      if (op.isOut || op.session < 0) this.#vertex();
      else if (tracking === 'key') this.#addUntracked(op);
      else {
        const isTogether = op.operation.kind === 'read' && op.operation.isTogether === true;
        const last = lasts[op.session] ?? [];
        const before = isTogether ? (beforeLasts[op.session] ?? []) : last;
        this.#vertex(before);
        for (const source of op.sources) {
          if (tracking === 'session' || !this.#isOfOtherExecution(source, op)) {
            this.#predecessors.push(source);
          }
        }
        // It may take effect late, so nothing of its session is known to come after it.
        if (!this.#isChained(op)) continue;
        beforeLasts[op.session] = before;
        lasts[op.session] = isTogether ? [...last, op.id] : [op.id];
      }
    }
    return lasts;
  }

  /** What another function of the attempt wrote comes with the trigger, not with a version. */
  #isOfOtherExecution(source: number, { attempt, session }: Op): boolean {
    const write = this.#indexed.operations[source];
    return attempt !== NO_ATTEMPT && write?.attempt === attempt && write.session !== session;
  }

  #isChained(op: Op): boolean {
    if (op.attempt !== NO_ATTEMPT) return true;
    const session = this.#indexed.sessions[op.session]?.session;
    return (session?.kind !== 'client' || session.isContinued) && op.status !== 'unknown';
  }

  /** A write that carries no dependencies of its own takes over those of what it has seen. */
  #addUntracked(op: Op): void {
    this.#vertex();
    if (!op.isWrite || op.attempt === NO_ATTEMPT) return;
    for (const other of this.#indexed.attempts[op.attempt]?.operations ?? []) {
      if (other.key !== op.key || !isBefore(this.#indexed, other, op)) continue;
      if (other.isWrite) this.#predecessors.push(other.id);
      else for (const source of other.sources) this.#predecessors.push(source);
    }
  }

  #addInvocation(id: string, continues: string | undefined): void {
    const before = continues === undefined ? undefined : this.#invocations.get(continues);
    const carries =
      continues !== undefined &&
      this.#trackingOfInvocation(id) === 'session' &&
      this.#trackingOfInvocation(continues) === 'session';
    this.#vertex();
    if (before !== undefined && carries) this.#predecessors.push(before.end);
    const begin = this.#invocations.get(id)?.begin;
    this.#vertex(begin === undefined ? [] : [begin]);
    for (const attempt of this.#indexed.attemptsOf.get(id) ?? []) {
      if (attempt.status !== 'committed') continue;
      for (const { end } of this.#nodes[attempt.index]?.values() ?? [])
        this.#predecessors.push(end);
    }
  }

  #addNode(attempt: IndexedAttempt, node: string, lasts: readonly (readonly number[])[]): void {
    const spans = this.#nodes[attempt.index];
    const begin = spans?.get(node)?.begin;
    const isTracked = this.#trackingOfInvocation(attempt.invocation.id) === 'session';
    this.#vertex();
    if (isTracked) {
      const sources = attempt.sources.get(node) ?? [];
      for (const source of sources) {
        const end = spans?.get(source)?.end;
        if (end !== undefined) this.#predecessors.push(end);
      }
      const whole = this.#invocations.get(attempt.invocation.id);
      if (sources.length === 0 && whole !== undefined) this.#predecessors.push(whole.begin);
    }
    this.#vertex(begin === undefined ? [] : [begin]);
    for (const session of attempt.sessionsOfNode.get(node) ?? []) {
      for (const last of lasts[session] ?? []) {
        if (last !== begin) this.#predecessors.push(last);
      }
    }
  }
}

/**
 * All vertices, each after its predecessors; or a cycle, each element preceding the one after it
 * and the last the first.
 */
export function orderOf(graph: HistoryGraph): { order: Int32Array } | { cycle: readonly number[] } {
  const { size, from, predecessors } = graph;
  const order = new Int32Array(size);
  /** 0 unseen, 1 under way, 2 placed. */
  const state = new Uint8Array(size);
  const next = from.slice(0, size);
  const stack = new Int32Array(size);
  let placed = 0;
  for (let root = 0; root < size; root += 1) {
    if (state[root] !== 0) continue;
    let depth = 0;
    stack[0] = root;
    state[root] = 1;
    while (depth >= 0) {
      const vertex = stack[depth] ?? 0;
      const at = next[vertex] ?? 0;
      if (at < (from[vertex + 1] ?? 0)) {
        next[vertex] = at + 1;
        const before = predecessors[at] ?? 0;
        if (state[before] === 1) return { cycle: cycleIn(stack, depth, before) };
        if (state[before] === 0) {
          state[before] = 1;
          depth += 1;
          stack[depth] = before;
        }
      } else {
        state[vertex] = 2;
        order[placed] = vertex;
        placed += 1;
        depth -= 1;
      }
    }
  }
  return { order };
}

/** The stack goes from a vertex to its predecessors, so a cycle on it reads backwards. */
function cycleIn(stack: Int32Array, depth: number, before: number): readonly number[] {
  const start = stack.lastIndexOf(before, depth);
  return [...stack.subarray(start, depth + 1)].toReversed();
}
