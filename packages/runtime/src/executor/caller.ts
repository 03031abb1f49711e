/**
 * Runs one node: merges the sessions of its triggers, resolves its arguments, calls the function,
 * answers what it asks of `cloud`, and hands its result on.
 */
import {
  callAddress,
  lostReason,
  NO_DEPENDENCIES,
  PREVIEW_LENGTH_MAX,
  reasonOf,
  SCHEDULER,
  type EncodedValue,
  type ExecutorId,
  type Failure,
  type MessageOf,
  type NodeId,
  type ProtocolStrategies,
  type RestartReason,
  type RuntimeEvent,
  type Session,
  type WorkerId,
} from '@stormglass/core';
import { CALLS_PER_EXECUTOR_MAX } from '../limits.ts';
import type { FunctionHost, Outcome } from '../ports/function-host.ts';
import type { Ports } from '../ports/ports.ts';
import type { Address } from '../ports/transport.ts';
import { argumentSources, type ArgumentSource } from './argument-values.ts';
import type { CacheLink } from './cache-link.ts';
import { Library } from './library.ts';
import { Mailbox } from './mailbox.ts';
import type { Messenger } from './messenger.ts';
import type { Call, Run } from './run.ts';
import type { Trigger } from './trigger-inbox.ts';
import { ToldAccesses } from './told-accesses.ts';
import { triggerNext } from './trigger-next.ts';
import { Utilisation } from './utilisation.ts';

export interface CallerOptions {
  readonly executor: ExecutorId;
  readonly worker: WorkerId;
  readonly address: Address;
  readonly ports: Ports;
  readonly host: FunctionHost;
  readonly cache: CacheLink;
  readonly messenger: Messenger;
  readonly strategies: ProtocolStrategies;
  /** Nothing of the attempt is left to do here. */
  readonly onRunOver: (run: Run) => void;
}

export class Caller {
  readonly #options: CallerOptions;
  readonly #library: Library;
  readonly #waiting: (() => void)[] = [];
  readonly #utilisation: Utilisation;
  #running = 0;

  constructor(options: CallerOptions) {
    this.#options = options;
    this.#utilisation = new Utilisation(options.ports.clock);
    this.#library = new Library({
      ports: options.ports,
      cache: options.cache,
      messenger: options.messenger,
      address: options.address,
      strategies: options.strategies,
      restart: (call, reason) => this.#restart(call.run, call.node, call.session, reason),
    });
  }

  /** @param triggers by upstream node; empty for a source */
  start(run: Run, node: NodeId, triggers: ReadonlyMap<NodeId, Trigger>): void {
    if (run.isOver) return;
    run.starting.add(node);
    if (this.#running >= CALLS_PER_EXECUTOR_MAX) {
      this.#waiting.push(() => this.start(run, node, triggers));
      return;
    }
    const merged =
      triggers.size === 0
        ? { session: run.start.session, conflicts: [], mismatches: [], floors: NO_DEPENDENCIES }
        : this.#options.strategies.mergeSessions(
            [...triggers.values()].map(({ session }) => session),
          );
    const [conflict] = merged.conflicts;
    if (conflict !== undefined) {
      const cause = `Two branches that meet at ${node} read ${conflict} in versions that do not go together.`;
      this.#restart(run, node, merged.session, reasonOf(merged, cause));
      return;
    }
    const [mismatched] = merged.mismatches;
    if (mismatched !== undefined) {
      this.#fail(run, node, merged.session, {
        type: 'lattice-mismatch',
        key: mismatched,
        detail: `Two branches that meet at ${node} wrote ${mismatched} as lattices of different kinds.`,
      });
      return;
    }
    this.#resolve(run, node, merged.session, argumentSources(run, node, triggers));
  }

  /** The share of the last period in which calls ran or waited here. */
  utilisation(): number {
    return this.#utilisation.share();
  }

  close(): void {
    this.#library.close();
  }

  cancelAll(run: Run): void {
    run.isOver = true;
    for (const call of run.calls.values()) {
      this.#options.host.cancel(call.id);
      this.#tellFinished(call, { status: 'cancelled' });
      this.#close(call);
    }
  }

  onFlushed(message: MessageOf<'executor.flushed'>): void {
    this.#library.onFlushed(message);
  }

  #resolve(run: Run, node: NodeId, session: Session, sources: readonly ArgumentSource[]): void {
    const keys = sources.flatMap((source) => ('ref' in source ? [source.ref] : []));
    if (keys.length === 0) {
      const values = sources.map((source) => ('ref' in source ? undefined : source.value));
      this.#call(run, node, session, values);
      return;
    }
    this.#options.cache.get({ node, session, trace: run.trace }, keys, (got) => {
      if (got.restart !== undefined) {
        this.#restart(run, node, got.session, got.restart);
        return;
      }
      if (got.failure !== undefined) {
        this.#fail(run, node, got.session, got.failure);
        return;
      }
      const found = got.found.values();
      const { valueFor } = this.#options.strategies;
      const values = sources.map((source) =>
        'ref' in source
          ? valueFor(got.session, source.ref, found.next().value ?? 'absent')
          : source.value,
      );
      this.#call(run, node, got.session, values);
    });
  }

  #call(
    run: Run,
    node: NodeId,
    session: Session,
    values: readonly (EncodedValue | undefined)[],
  ): void {
    if (run.isOver) return;
    const { executor, worker, ports, host, messenger } = this.#options;
    const { invocation, attempt } = run;
    const place = { invocation, attempt, node, worker, executor };
    const call: Call = {
      run,
      node,
      worker,
      executor,
      id: callAddress({ executor, invocation, attempt, node }),
      definition: run.definitionOf(node),
      mailbox: new Mailbox(ports.timers),
      startedUs: ports.clock.nowUs(),
      session,
      told: run.trace ? new ToldAccesses(ports.events, place) : undefined,
      writesWaiting: 0,
      onWritten: undefined,
    };
    run.starting.delete(node);
    run.calls.set(node, call);
    this.#running += 1;
    this.#utilisation.begin();
    messenger.open(call);
    if (run.trace) this.#tellStarted(call, values);
    const leftMs = Math.max(1, (run.deadlineUs - call.startedUs) / 1_000);
    host.start(
      { id: call.id, definition: call.definition, arguments: values, leftMs },
      {
        request: (request, reply) => this.#library.onRequest(call, request, reply),
        log: (level, text) => {
          if (run.trace) ports.events.emit({ kind: 'log', ...placeOf(call), level, text });
        },
        finished: (outcome) => this.#onFinished(call, outcome),
      },
    );
  }

  #onFinished(call: Call, outcome: Outcome): void {
    const { run, node } = call;
    if (run.calls.get(node) !== call) return;
    if (outcome.status === 'failed') {
      this.#tellFinished(call, outcome);
      this.#close(call);
      const { failure } = outcome;
      // Nothing was thrown: another call took the isolate along, and this one may run again.
      const isLost = failure.type === 'unavailable' && failure.error === undefined;
      if (isLost) this.#restart(run, node, call.session, lostReason(failure.detail));
      else this.#fail(run, node, call.session, failure);
      return;
    }
    this.#library.whenWritten(call, (refused) => {
      if (refused === undefined) this.#onReturned(call, outcome.value);
      else this.#succeed(call, outcome.value, refused);
    });
  }

  #onReturned(call: Call, value: EncodedValue | undefined): void {
    const { run, node, session } = call;
    const { store } = run.start;
    if (run.calls.get(node) !== call) return;
    if (store === undefined || !run.isSink(node)) {
      this.#succeed(call, value, undefined);
      return;
    }
    const write = { operation: 'put', value: value ?? 'null' } as const;
    const asker = { node, session, trace: run.trace };
    this.#options.cache.write(asker, { key: store, write }, (after, failure) => {
      call.session = after;
      this.#succeed(call, value, failure);
    });
  }

  #succeed(call: Call, value: EncodedValue | undefined, failure: Failure | undefined): void {
    const { run, node } = call;
    if (run.calls.get(node) !== call) return;
    if (failure !== undefined) {
      this.#tellFinished(call, { status: 'failed', failure });
      this.#close(call);
      this.#fail(run, node, call.session, failure);
      return;
    }
    this.#tellFinished(call, { status: 'returned', value });
    this.#close(call);
    const { ports, strategies } = this.#options;
    triggerNext({ ports, strategies, call, value });
  }

  #close(call: Call): void {
    if (!call.run.calls.delete(call.node)) return;
    this.#running -= 1;
    this.#utilisation.end();
    this.#options.messenger.close(call);
    this.#library.forget(call);
    call.run.nodesLeft -= 1;
    if (call.run.nodesLeft === 0) this.#options.onRunOver(call.run);
    this.#waiting.shift()?.();
  }

  #fail(run: Run, node: NodeId, session: Session, failure: Failure): void {
    run.hasReported = true;
    this.#options.ports.transport.send(SCHEDULER, {
      type: 'scheduler.failed',
      invocation: run.invocation,
      attempt: run.attempt,
      node,
      failure: { ...failure, node, function: run.definitionOf(node).name },
      touched: [...session.touched],
    });
  }

  #restart(run: Run, node: NodeId, session: Session, reason: RestartReason): void {
    run.hasReported = true;
    this.#options.ports.transport.send(SCHEDULER, {
      type: 'scheduler.restart',
      invocation: run.invocation,
      attempt: run.attempt,
      node,
      reason,
      touched: [...session.touched],
    });
  }

  #tellStarted(call: Call, values: readonly (EncodedValue | undefined)[]): void {
    if (!this.#options.ports.events.isListening('function.started')) return;
    const previews = call.definition.parameters.flatMap(({ name }, index) => {
      const value = values[index];
      return value === undefined ? [] : [[name, preview(value)] as const];
    });
    this.#options.ports.events.emit({
      kind: 'function.started',
      ...placeOf(call),
      function: call.definition.name,
      arguments: Object.fromEntries(previews),
    });
  }

  #tellFinished(call: Call, outcome: Outcome | { readonly status: 'cancelled' }): void {
    const { events, clock } = this.#options.ports;
    call.told?.close();
    if (!call.run.trace || !events.isListening('function.finished')) return;
    const nowUs = clock.nowUs();
    events.emit({
      kind: 'function.finished',
      ...placeOf(call),
      function: call.definition.name,
      durationUs: nowUs - call.startedUs,
      ...describeOutcome(outcome),
    });
  }
}

type FinishedEvent = Extract<RuntimeEvent, { kind: 'function.finished' }>;

const describeOutcome = (
  outcome: Outcome | { readonly status: 'cancelled' },
): Pick<FinishedEvent, 'status' | 'result' | 'error'> => {
  switch (outcome.status) {
    case 'cancelled':
      return { status: 'cancelled' };
    case 'returned':
      return {
        status: 'succeeded',
        result: outcome.value === undefined ? undefined : preview(outcome.value),
      };
    case 'failed': {
      const { type, detail, error } = outcome.failure;
      return {
        status: 'failed',
        error: {
          type,
          name: error?.name ?? type,
          message: error?.message ?? detail,
          stack: error?.stack,
          line: error?.line,
          column: error?.column,
        },
      };
    }
  }
};

const placeOf = (call: Call) => ({
  invocation: call.run.invocation,
  attempt: call.run.attempt,
  node: call.node,
  worker: call.worker,
  executor: call.executor,
});

const preview = (text: EncodedValue): string => text.slice(0, PREVIEW_LENGTH_MAX);
