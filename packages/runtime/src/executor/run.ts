/**
 * One attempt of an invocation as one executor sees it: the schedule, the triggers, the calls that
 * run here.
 */
import {
  keysReadAfter,
  must,
  type DagEdge,
  type DagNode,
  type ExecutorId,
  type Failure,
  type FunctionDefinition,
  type InvocationId,
  type Key,
  type MessageOf,
  type NodeId,
  type ProtocolStrategies,
  type Session,
  type WorkerId,
} from '@stormglass/core';
import type { Mailbox } from './mailbox.ts';
import type { ToldAccesses } from './told-accesses.ts';
import { TriggerInbox } from './trigger-inbox.ts';

/** A function of the attempt that runs on this executor. */
export interface Call {
  readonly run: Run;
  readonly node: NodeId;
  readonly worker: WorkerId;
  readonly executor: ExecutorId;
  readonly id: string;
  readonly definition: FunctionDefinition;
  readonly mailbox: Mailbox;
  readonly startedUs: number;
  session: Session;
  /** Absent where the invocation has no trace. */
  readonly told: ToldAccesses | undefined;
  /** Writes that its cache has not answered. */
  writesWaiting: number;
  /** The function has returned, and this is told when they are answered, or when one is refused. */
  onWritten: ((failure: Failure | undefined) => void) | undefined;
}

export class Run {
  readonly start: MessageOf<'executor.start'>;
  readonly inbox: TriggerInbox;
  readonly calls = new Map<NodeId, Call>();
  /** Nodes placed on this executor that have not finished. */
  nodesLeft: number;
  /** Nodes whose triggers are complete and whose call has not begun. */
  readonly starting = new Set<NodeId>();
  /** The scheduler was told that the attempt cannot go on: what still runs is for nothing. */
  hasReported = false;
  /** Cancelled: nothing begins any more. */
  isOver = false;
  /** Nobody waits for it any longer. Microseconds since the cluster started. */
  readonly deadlineUs: number;
  readonly #definitions: ReadonlyMap<NodeId, FunctionDefinition>;
  readonly #outgoing = new Map<NodeId, Map<NodeId, DagEdge[]>>();
  readonly #incoming = new Map<NodeId, DagEdge[]>();

  constructor(
    start: MessageOf<'executor.start'>,
    definitions: ReadonlyMap<NodeId, FunctionDefinition>,
    {
      strategies,
      deadlineUs,
    }: { readonly strategies: ProtocolStrategies; readonly deadlineUs: number },
  ) {
    this.start = start;
    this.deadlineUs = deadlineUs;
    this.inbox = new TriggerInbox(start.edges, strategies);
    this.#definitions = definitions;
    this.nodesLeft = definitions.size;
    for (const edge of start.edges) {
      const targets = this.#outgoing.get(edge.from) ?? new Map<NodeId, DagEdge[]>();
      targets.set(edge.to, [...(targets.get(edge.to) ?? []), edge]);
      this.#outgoing.set(edge.from, targets);
      this.#incoming.set(edge.to, [...(this.#incoming.get(edge.to) ?? []), edge]);
    }
  }

  get invocation(): InvocationId {
    return this.start.session.invocation;
  }

  get attempt(): number {
    return this.start.session.attempt;
  }

  /** Whether the attempt makes progress here, or is about to. */
  get isBusy(): boolean {
    return !this.hasReported && (this.calls.size > 0 || this.starting.size > 0);
  }

  /** Functions of the attempt that have finished here. */
  get finished(): number {
    return this.#definitions.size - this.nodesLeft;
  }

  get trace(): boolean {
    return this.start.trace;
  }

  /** Nodes without an incoming edge that are placed on `executor`. */
  sourcesOn(executor: string): readonly DagNode[] {
    return this.start.nodes.filter(
      ({ id }) => !this.#incoming.has(id) && this.start.schedule.get(id)?.executor === executor,
    );
  }

  incoming(node: NodeId): readonly DagEdge[] {
    return this.#incoming.get(node) ?? [];
  }

  /** Target node → the edges from `node` to it. */
  outgoing(node: NodeId): ReadonlyMap<NodeId, readonly DagEdge[]> {
    return this.#outgoing.get(node) ?? new Map();
  }

  /** Nodes on `executor` that wait for one of `nodes`. */
  missingFrom(nodes: readonly NodeId[], executor: ExecutorId): readonly NodeId[] {
    return this.start.edges.flatMap(({ from, to }) =>
      nodes.includes(from) &&
      this.start.schedule.get(to)?.executor === executor &&
      !this.inbox.hasArrived(from, to)
        ? [to]
        : [],
    );
  }

  /** What can still be read once `from` has triggered `to`; `undefined`: any key, or it is written to. */
  keysReadAfter(from: NodeId, to: NodeId): ReadonlySet<Key> | undefined {
    const { edges, arguments: given, withoutCloud, store, session } = this.start;
    if (store !== undefined) return undefined;
    const keysOf = (node: NodeId): readonly Key[] | undefined =>
      withoutCloud.includes(node)
        ? [...(given.get(node)?.values() ?? [])].flatMap((one) => ('ref' in one ? [one.ref] : []))
        : undefined;
    // Where branches meet, what one has read is held against what bounds the other.
    const withBranches = session.level === 'causal-cut';
    return keysReadAfter({ edges }, { from, to }, { keysOf, withBranches });
  }

  isSink(node: NodeId): boolean {
    return !this.#outgoing.has(node);
  }

  definitionOf(node: NodeId): FunctionDefinition {
    return must(this.#definitions.get(node), `${node} is placed here with its definition`);
  }
}
