/**
 * The executor role: runs the functions of a DAG that are placed on it, and triggers the next ones itself.
 * It owns the calls that run here, their sessions and their mail.
 * It may lose all of it: the scheduler then runs the DAG again as the next attempt.
 * It promises that a function body runs once per attempt, whatever triggers come twice or late.
 */
import {
  correctedProtocol,
  executorAddress,
  lostReason,
  SCHEDULER,
  type ExecutorId,
  type FunctionDefinition,
  type MessageOf,
  type NodeId,
  type ProtocolStrategies,
  type RoleMessage,
  type StorageId,
  type WorkerId,
} from '@stormglass/core';
import { EARLY_TRIGGER_MS, ENDED_ATTEMPTS_MAX, RUN_SWEEP_MS } from '../limits.ts';
import type { FunctionHost } from '../ports/function-host.ts';
import type { Ports } from '../ports/ports.ts';
import type { Cancel } from '../ports/timers.ts';
import type { Address, Role } from '../ports/transport.ts';
import { CacheLink } from './cache-link.ts';
import { Caller } from './caller.ts';
import { Messenger } from './messenger.ts';
import { Run } from './run.ts';
import type { Trigger } from './trigger-inbox.ts';

export interface ExecutorOptions {
  readonly id: ExecutorId;
  readonly worker: WorkerId;
  /** Grows with every start of the worker. */
  readonly incarnation: number;
  readonly ports: Ports;
  readonly host: FunctionHost;
  /** All of the cluster. */
  readonly storages: readonly StorageId[];
  /** Default {@link correctedProtocol}. */
  readonly strategies?: ProtocolStrategies | undefined;
}

export interface ExecutorStatistics {
  readonly calls: number;
  /** The share of the last period in which calls ran or waited here, 0 to 1. */
  readonly utilisation: number;
  readonly pinnedFunctions: readonly string[];
}

interface EarlyTriggers {
  readonly triggers: Trigger[];
  readonly cancel: Cancel;
}

const idOf = (attempt: { readonly invocation: string; readonly attempt: number }): string =>
  `${attempt.invocation}#${attempt.attempt}`;

export class Executor implements Role {
  readonly address: Address;
  readonly id: ExecutorId;
  readonly #ports: Ports;
  readonly #host: FunctionHost;
  readonly #strategies: ProtocolStrategies;
  readonly #cache: CacheLink;
  readonly #messenger: Messenger;
  readonly #caller: Caller;
  readonly #definitions = new Map<string, FunctionDefinition>();
  readonly #runs = new Map<string, Run>();
  readonly #early = new Map<string, EarlyTriggers>();
  /** Attempts that are over, oldest first. */
  readonly #ended = new Set<string>();
  #cancelSweep: Cancel | undefined;

  constructor(options: ExecutorOptions) {
    this.id = options.id;
    this.address = executorAddress(options.id);
    this.#ports = options.ports;
    this.#host = options.host;
    this.#strategies = options.strategies ?? correctedProtocol;
    this.#cache = new CacheLink({
      transport: options.ports.transport,
      worker: options.worker,
      from: this.address,
      executor: options.id,
    });
    this.#messenger = new Messenger({
      ports: options.ports,
      from: this.address,
      incarnation: options.incarnation,
      storages: options.storages,
    });
    this.#caller = new Caller({
      executor: options.id,
      worker: options.worker,
      address: this.address,
      ports: options.ports,
      host: options.host,
      cache: this.#cache,
      messenger: this.#messenger,
      strategies: this.#strategies,
      onRunOver: (run) => this.#end(run),
    });
  }

  receive(message: RoleMessage): void {
    switch (message.type) {
      case 'executor.start':
        this.#onStart(message);
        break;
      case 'executor.trigger':
        this.#onTrigger(message);
        break;
      case 'executor.lost':
        this.#onLost(message);
        break;
      case 'cache.got':
        this.#cache.onGot(message);
        break;
      case 'cache.wrote':
        this.#cache.onWrote(message);
        break;
      case 'executor.deliver':
        this.#messenger.onDeliver(message);
        break;
      case 'executor.receipt':
        this.#messenger.onReceipt(message);
        break;
      case 'executor.flushed':
        this.#caller.onFlushed(message);
        break;
      case 'executor.probe':
        this.#onProbe(message);
        break;
      case 'executor.cancel':
        this.#onCancel(message);
        break;
      default:
        break;
    }
  }

  close(): void {
    for (const { cancel } of this.#early.values()) cancel();
    this.#cancelSweep?.();
    this.#caller.close();
    this.#messenger.closeAll();
    this.#host.close();
  }

  statistics(): ExecutorStatistics {
    let calls = 0;
    for (const run of this.#runs.values()) calls += run.calls.size;
    const utilisation = this.#caller.utilisation();
    return { calls, utilisation, pinnedFunctions: this.#host.pinnedFunctions() };
  }

  #onStart(message: MessageOf<'executor.start'>): void {
    const id = idOf(message.session);
    for (const definition of message.definitions) {
      this.#definitions.set(`${definition.name}@${definition.version}`, definition);
    }
    if (this.#runs.has(id) || this.#ended.has(id)) return;
    const definitions = this.#definitionsOf(message);
    if (definitions === undefined) return;
    this.#sweepLater();
    const deadlineUs = this.#ports.clock.nowUs() + message.timeoutMs * 1_000;
    const run = new Run(message, definitions, { strategies: this.#strategies, deadlineUs });
    this.#runs.set(id, run);
    for (const { id: node } of run.sourcesOn(this.id)) {
      this.#caller.start(run, node, new Map());
    }
    const early = this.#early.get(id);
    if (early === undefined) return;
    this.#early.delete(id);
    early.cancel();
    for (const trigger of early.triggers) this.#onTrigger(trigger);
  }

  /** `undefined` when one is not here: the message that brought it was lost. */
  #definitionsOf(
    message: MessageOf<'executor.start'>,
  ): ReadonlyMap<NodeId, FunctionDefinition> | undefined {
    const definitions = new Map<NodeId, FunctionDefinition>();
    for (const { id, function: name } of message.nodes) {
      if (message.schedule.get(id)?.executor !== this.id) continue;
      const version = `${name}@${message.versions.get(name)}`;
      const definition = this.#definitions.get(version);
      if (definition === undefined) {
        this.#tellUnknown(message, id, version);
        return undefined;
      }
      definitions.set(id, definition);
    }
    return definitions;
  }

  #tellUnknown({ session }: MessageOf<'executor.start'>, node: NodeId, version: string): void {
    this.#remember(idOf(session));
    this.#ports.transport.send(SCHEDULER, {
      type: 'scheduler.restart',
      invocation: session.invocation,
      attempt: session.attempt,
      node,
      reason: lostReason(`${this.id} had not got ${version}.`),
      touched: [],
      unknownTo: this.id,
    });
  }

  #onTrigger(trigger: Trigger): void {
    const id = idOf(trigger);
    const run = this.#runs.get(id);
    if (run !== undefined) {
      const complete = run.inbox.add(trigger);
      if (complete !== undefined) this.#caller.start(run, trigger.to, complete);
    } else if (!this.#ended.has(id)) this.#keepEarly(id, trigger);
  }

  #keepEarly(id: string, trigger: Trigger): void {
    const early = this.#early.get(id);
    if (early !== undefined) {
      early.triggers.push(trigger);
      return;
    }
    const cancel = this.#ports.timers.after(EARLY_TRIGGER_MS, () => this.#early.delete(id));
    this.#early.set(id, { triggers: [trigger], cancel });
  }

  #onProbe({ invocation, attempt }: MessageOf<'executor.probe'>): void {
    const run = this.#runs.get(idOf({ invocation, attempt }));
    this.#ports.transport.send(SCHEDULER, {
      type: 'scheduler.progress',
      invocation,
      attempt,
      executor: this.id,
      isBusy: run?.isBusy ?? false,
      finished: run?.finished ?? 0,
    });
  }

  /** A run that is past its deadline is over, also when nobody says so. */
  #sweepLater(): void {
    this.#cancelSweep ??= this.#ports.timers.after(RUN_SWEEP_MS, () => {
      this.#cancelSweep = undefined;
      const nowUs = this.#ports.clock.nowUs();
      for (const run of [...this.#runs.values()]) {
        if (run.deadlineUs > nowUs) continue;
        this.#caller.cancelAll(run);
        this.#end(run);
      }
      if (this.#runs.size > 0) this.#sweepLater();
    });
  }

  #onCancel(message: MessageOf<'executor.cancel'>): void {
    const run = this.#runs.get(idOf(message));
    if (run === undefined) this.#remember(idOf(message));
    else {
      this.#caller.cancelAll(run);
      this.#end(run);
    }
  }

  /** Where the run is over everything had arrived. */
  #onLost(message: MessageOf<'executor.lost'>): void {
    const id = idOf(message);
    if (this.#ended.has(id)) return;
    const missing = this.#runs.get(id)?.missingFrom(message.nodes, this.id);
    if (missing?.length === 0) return;
    const { invocation, attempt, cause } = message;
    this.#ports.transport.send(SCHEDULER, {
      type: 'scheduler.restart',
      invocation,
      attempt,
      node: missing?.[0] ?? message.nodes[0] ?? '',
      reason: lostReason(cause),
      touched: [],
    });
  }

  #end(run: Run): void {
    const id = idOf(run);
    this.#runs.delete(id);
    this.#remember(id);
  }

  #remember(id: string): void {
    this.#ended.add(id);
    if (this.#ended.size <= ENDED_ATTEMPTS_MAX) return;
    const oldest = this.#ended.values().next().value;
    if (oldest !== undefined) this.#ended.delete(oldest);
  }
}
