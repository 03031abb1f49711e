/**
 * Puts events into causal order before they get their sequence number.
 *
 * Events come over one connection a worker, in the order of that worker; between connections there is none, so
 * `function.started` of a node can be here before the `function.triggered` that caused it. Each source has a queue
 * whose head waits until what it must follow has been delivered, and at most {@link HOLD_MS_MAX}: a worker that died
 * took the cause with it.
 */
import type { DagEdge, InvocationId, Key, NodeId, RuntimeEvent } from '@stormglass/core';
import { invocationOf } from './event-log.ts';

export const HOLD_MS_MAX = 250;
/** Invocations whose end was delivered, so that stragglers pass at once. */
const ENDED_KEPT_MAX = 4_096;

export interface CausalDeliverySurroundings {
  readonly deliver: (event: RuntimeEvent, at: number) => void;
  /** What is known of an invocation besides its events; `undefined` when it is not this server's. */
  readonly describe: (
    invocation: InvocationId,
  ) => { readonly edges: readonly DagEdge[]; readonly store: Key | undefined } | undefined;
  readonly nowMs: () => number;
  readonly after: (delayMs: number, wake: () => void) => () => void;
}

interface Held {
  readonly event: RuntimeEvent;
  readonly at: number;
  /** When it has waited long enough. */
  readonly untilMs: number;
}

/** What has been delivered of the newest attempt of one invocation. */
interface Progress {
  attempt: number;
  nodes: ReadonlySet<NodeId>;
  readonly edges: readonly DagEdge[];
  readonly store: Key | undefined;
  readonly triggered: Set<string>;
  readonly running: Set<NodeId>;
  readonly finished: Set<NodeId>;
  readonly written: Set<Key>;
}

const edgeName = (from: NodeId, to: NodeId): string => `${from}\n${to}`;

function sourceOf(event: RuntimeEvent): string {
  if ('storage' in event) return `storage ${event.storage}`;
  if ('worker' in event) return `worker ${event.worker}`;
  if (event.kind === 'storage.gossip') return `storage ${event.from}`;
  return `scheduler ${invocationOf(event) ?? ''}`;
}

export class CausalDelivery {
  readonly #world: CausalDeliverySurroundings;
  readonly #queues = new Map<string, Held[]>();
  readonly #progress = new Map<InvocationId, Progress>();
  readonly #ended = new Set<InvocationId>();
  readonly #heldOf = new Map<InvocationId, number>();
  #cancelTimer: (() => void) | undefined;

  constructor(world: CausalDeliverySurroundings) {
    this.#world = world;
  }

  readonly accept = (event: RuntimeEvent, at: number): void => {
    const source = sourceOf(event);
    const queue = this.#queues.get(source);
    if (queue === undefined && this.#isReady(event)) {
      this.#deliver(event, at);
      if (this.#queues.size > 0) this.#advance();
      return;
    }
    this.#count(event, 1);
    const held = { event, at, untilMs: this.#world.nowMs() + HOLD_MS_MAX };
    if (queue === undefined) this.#queues.set(source, [held]);
    else queue.push(held);
    this.#cancelTimer ??= this.#world.after(HOLD_MS_MAX, this.#onTimer);
  };

  /** Delivers what is held, in whatever order there is. */
  readonly close = (): void => {
    this.#cancelTimer?.();
    this.#giveUp(Infinity);
  };

  #isReady(event: RuntimeEvent): boolean {
    const invocation = invocationOf(event);
    if (invocation === undefined || event.kind === 'invocation.started') return true;
    if (this.#ended.has(invocation)) return true;
    const progress = this.#progress.get(invocation);
    // The start comes from the same queue as the end: an end without it never had one.
    if (progress === undefined) return event.kind === 'invocation.finished';
    if ('attempt' in event && event.attempt !== progress.attempt) {
      return event.attempt < progress.attempt;
    }
    switch (event.kind) {
      case 'function.started':
        return progress.edges.every(
          (edge) => edge.to !== event.node || progress.triggered.has(edgeName(edge.from, edge.to)),
        );
      case 'storage.merged':
        return progress.written.has(event.key) || event.key === progress.store;
      case 'invocation.finished':
        return this.#mayFinish(invocation, progress, event.status === 'succeeded');
      default:
        return true;
    }
  }

  #mayFinish(invocation: InvocationId, progress: Progress, succeeded: boolean): boolean {
    if (progress.running.size > 0) return false;
    if (succeeded && progress.finished.size < progress.nodes.size) return false;
    // Its own queue holds at most the end itself.
    const ownQueue = this.#queues.get(`scheduler ${invocation}`)?.length ?? 0;
    return (this.#heldOf.get(invocation) ?? 0) <= ownQueue;
  }

  #deliver(event: RuntimeEvent, at: number): void {
    this.#note(event);
    this.#world.deliver(event, at);
  }

  #note(event: RuntimeEvent): void {
    if (event.kind === 'invocation.started') {
      this.#begin(event.invocation, event.attempt, Object.keys(event.schedule));
      return;
    }
    const invocation = invocationOf(event);
    if (invocation === undefined) return;
    if (event.kind === 'invocation.finished') {
      this.#end(invocation);
      return;
    }
    const progress = this.#progress.get(invocation);
    if (progress === undefined || ('attempt' in event && event.attempt !== progress.attempt))
      return;
    if (event.kind === 'function.triggered') progress.triggered.add(edgeName(event.from, event.to));
    else if (event.kind === 'cache.write') progress.written.add(event.key);
    else if (event.kind === 'function.started' && event.node !== undefined) {
      progress.running.add(event.node);
    } else if (event.kind === 'function.finished' && event.node !== undefined) {
      progress.running.delete(event.node);
      progress.finished.add(event.node);
    }
  }

  #begin(invocation: InvocationId, attempt: number, nodes: readonly NodeId[]): void {
    const known = this.#world.describe(invocation);
    const before = this.#progress.get(invocation);
    this.#progress.set(invocation, {
      attempt,
      nodes: new Set(nodes),
      edges: known?.edges ?? [],
      store: known?.store,
      triggered: new Set(),
      running: new Set(),
      finished: new Set(),
      written: before?.written ?? new Set(),
    });
  }

  #end(invocation: InvocationId): void {
    this.#progress.delete(invocation);
    this.#ended.add(invocation);
    if (this.#ended.size > ENDED_KEPT_MAX) {
      const [oldest] = this.#ended;
      if (oldest !== undefined) this.#ended.delete(oldest);
    }
  }

  /** Delivers every head that may go, until none may. */
  #advance(): void {
    let hasMoved = true;
    while (hasMoved) {
      hasMoved = false;
      for (const [source, queue] of this.#queues) {
        while (queue[0] !== undefined && this.#isReady(queue[0].event)) {
          this.#release(source, queue);
          hasMoved = true;
        }
      }
    }
    if (this.#queues.size === 0) {
      this.#cancelTimer?.();
      this.#cancelTimer = undefined;
    }
  }

  #release(source: string, queue: Held[]): void {
    const head = queue.shift();
    if (queue.length === 0) this.#queues.delete(source);
    if (head === undefined) return;
    this.#count(head.event, -1);
    this.#deliver(head.event, head.at);
  }

  readonly #onTimer = (): void => {
    const nowMs = this.#world.nowMs();
    this.#giveUp(nowMs);
    const deadlines = [...this.#queues.values()].map(([head]) => head?.untilMs ?? nowMs);
    this.#cancelTimer =
      deadlines.length === 0
        ? undefined
        : this.#world.after(Math.max(1, Math.min(...deadlines) - nowMs), this.#onTimer);
  };

  /** What heads waited for until `nowMs` did not come: they go as they are, the earliest first. */
  #giveUp(nowMs: number): void {
    for (;;) {
      const [next] = [...this.#queues]
        .filter(([, [head]]) => head !== undefined && head.untilMs <= nowMs)
        .toSorted(([, [a]], [, [b]]) => (a?.at ?? 0) - (b?.at ?? 0));
      if (next === undefined) return;
      this.#release(...next);
      this.#advance();
    }
  }

  #count(event: RuntimeEvent, change: 1 | -1): void {
    const invocation = invocationOf(event);
    if (invocation === undefined) return;
    const count = (this.#heldOf.get(invocation) ?? 0) + change;
    if (count === 0) this.#heldOf.delete(invocation);
    else this.#heldOf.set(invocation, count);
  }
}
