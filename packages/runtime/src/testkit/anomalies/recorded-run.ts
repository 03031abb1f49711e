/**
 * What a run of the workload leaves behind for the counters: which version every read of every
 * committed attempt returned, where and in which order, what every execution wrote, and what
 * storage made of it. Taken from the events of the run and from the values that the functions saw.
 */
import {
  must,
  type InvocationId,
  type Key,
  type NodeId,
  type RuntimeEvent,
  type VersionVector,
  type WorkerId,
} from '@stormglass/core';
import type { PlannedExecution } from './published-workload.ts';

export interface RecordedRead {
  readonly node: NodeId;
  /** The worker whose cache served it. */
  readonly cache: WorkerId;
  readonly key: Key;
  readonly version: VersionVector;
  /** What the function got; `undefined` when the key was absent. */
  readonly value: string | undefined;
}

export interface RecordedExecution {
  readonly plan: PlannedExecution;
  /** Of the attempt that was committed, in the order in which they were served. */
  readonly reads: readonly RecordedRead[];
  /** The version that its write made. */
  readonly written: VersionVector;
  /** From the scheduler's first message to its last. */
  readonly durationUs: number;
  readonly attempts: number;
}

/** Storage joined the write of one execution into its key. */
export interface RecordedMerge {
  readonly invocation: InvocationId;
  readonly key: Key;
  readonly before: VersionVector;
  readonly after: VersionVector;
  /** Whether the write is what a last-writer-wins register holds afterwards. */
  readonly isNewest: boolean;
}

export interface RecordedRun {
  readonly executions: readonly RecordedExecution[];
  /** In the order in which storage made them. */
  readonly merges: readonly RecordedMerge[];
  /** Executions that were answered with a failure. */
  readonly failed: number;
}

type EventOf<Kind extends RuntimeEvent['kind']> = Extract<RuntimeEvent, { kind: Kind }>;

const attemptOf = (invocation: InvocationId, attempt: number): string => `${invocation}#${attempt}`;

/** Give it every event, in order, and take the run when it is over. */
export class RunRecorder {
  readonly #reads = new Map<string, EventOf<'cache.read'>[]>();
  readonly #starts = new Map<string, Map<NodeId, EventOf<'function.started'>>>();
  readonly #writes = new Map<string, VersionVector>();
  readonly #merges: RecordedMerge[] = [];
  readonly #finished = new Map<InvocationId, EventOf<'invocation.finished'>>();

  /** Executions that are over. */
  get finished(): number {
    return this.#finished.size;
  }

  observe(event: RuntimeEvent): void {
    switch (event.kind) {
      case 'cache.read': {
        const id = attemptOf(event.invocation, event.attempt);
        const reads = this.#reads.get(id);
        if (reads === undefined) this.#reads.set(id, [event]);
        else reads.push(event);
        break;
      }
      case 'function.started': {
        const id = attemptOf(event.invocation, event.attempt);
        const starts = this.#starts.get(id) ?? new Map<NodeId, EventOf<'function.started'>>();
        this.#starts.set(id, starts.set(event.node ?? '', event));
        break;
      }
      case 'cache.write':
        this.#writes.set(attemptOf(event.invocation, event.attempt), event.version);
        break;
      case 'storage.merged':
        this.#onMerged(event);
        break;
      case 'invocation.finished':
        this.#finished.set(event.invocation, event);
        break;
      default:
        break;
    }
  }

  take(plans: readonly PlannedExecution[]): RecordedRun {
    let failed = 0;
    const executions = plans.flatMap((plan) => {
      const end = must(this.#finished.get(plan.invocation), `${plan.invocation} is over`);
      if (end.status === 'succeeded') return [this.#executionOf(plan, end)];
      failed += 1;
      return [];
    });
    return { executions, merges: this.#merges, failed };
  }

  #onMerged(event: EventOf<'storage.merged'>): void {
    const { invocation, key, before, after, relation } = event;
    if (invocation === undefined) return;
    const isNewest = relation !== 'dominated' && relation !== 'equal';
    this.#merges.push({ invocation, key, before: before ?? {}, after, isNewest });
  }

  #executionOf(
    plan: PlannedExecution,
    { attempts, durationUs }: EventOf<'invocation.finished'>,
  ): RecordedExecution {
    const id = attemptOf(plan.invocation, attempts);
    const starts = this.#starts.get(id);
    const reads = (this.#reads.get(id) ?? []).map(({ node = '', worker, key, version }) => {
      const taken = [...(plan.references.get(node) ?? [])];
      const [parameter] = must(
        taken.find(([, reference]) => reference === key),
        `${plan.invocation} refers to ${key} at ${node}`,
      );
      const text = starts?.get(node)?.arguments?.[parameter];
      const value: unknown = text === undefined ? undefined : JSON.parse(text);
      return {
        node,
        cache: worker,
        key,
        version,
        value: typeof value === 'string' ? value : undefined,
      };
    });
    const written = must(this.#writes.get(id), `${plan.invocation} wrote`);
    return { plan, reads, written, durationUs, attempts };
  }
}
