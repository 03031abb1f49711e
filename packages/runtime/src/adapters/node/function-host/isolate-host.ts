/**
 * The function host on V8 isolates (architecture.md, "Function host"). One isolate a function
 * version, entered on the calling thread, so that a cache hit is a synchronous call out of the
 * isolate and back.
 *
 * What ends a call:
 * - CPU time: every entry into the isolate has what is left of the function's time as its limit. V8
 *   then stops the code wherever it is, which leaves the isolate in an unknown state, so it is
 *   replaced. Its other calls fail as `unavailable`.
 * - waiting: a timer; the isolate stays.
 * - memory: V8 disposes of the isolate; its other calls fail as `unavailable`. Other functions
 *   notice nothing.
 * - built-ins that V8 does not interrupt, and memory outside the isolate's heap: start-watchdog.ts.
 */
import { setFlagsFromString } from 'node:v8';
import { assert } from '@stormglass/core';
import type { ExecutorId } from '@stormglass/core';
import type {
  CallListener,
  FunctionCall,
  FunctionHost,
  Outcome,
} from '../../../ports/function-host.ts';
import { ActiveCall } from './active-call.ts';
import { loadBridge } from './bridge-source.ts';
import type { DirectReply, HostCalls } from './bridge/host.ts';
import { createEntryGate } from './entry-gate.ts';
import { entryFailure, lostFailure, timeoutFailure } from './entry-failure.ts';
import type { EntryWatch } from './entry-watch.ts';
import { replyTexts } from './library-exchange.ts';
import { Sandbox } from './sandbox.ts';
import { SandboxPool } from './sandbox-pool.ts';
import { settledOutcome } from './settled-outcome.ts';

/**
 * For every isolate made after they are set; V8 knows no flags of one isolate.
 *
 * Kilobytes of stack for user code: half of what Node gives a thread. The host's code runs on the
 * same stack when user code asks for something, however deep it recursed, and must never be the one
 * that runs out.
 *
 * Unrolling loops, V8 removes the checks through which a time limit and a memory limit end a loop
 * that calls built-ins: `for (;;) new Array(1000).fill(0)` would run for ever (seen with V8 13.6;
 * with this flag it ends in time).
 */
const V8_FLAGS = ['--stack-size=480', '--no-turboshaft-loop-unrolling'];
const ISOLATES_MAX_DEFAULT = 64;
/** For entries that run no user code. */
const HOUSEKEEPING_MS = 1_000;

/** Entries of all hosts on this thread share its stack, so they share the gate. */
const gate = createEntryGate();

export interface IsolateHostOptions {
  readonly executor: ExecutorId;
  /**
   * Isolates kept warm; idle ones beyond it are disposed of, the longest unused first. Default 64.
   */
  readonly maxIsolates?: number | undefined;
  /**
   * The thread that ends the process when an entry does not end. Without it, such an entry blocks
   * its caller.
   */
  readonly watch?: EntryWatch | undefined;
}

interface EntryTime {
  readonly elapsedMs: number;
  readonly timeoutMs: number;
}

class IsolateHost implements FunctionHost {
  readonly #pool: SandboxPool;
  readonly #bridge = loadBridge();
  readonly #hostCalls: HostCalls;
  readonly #watch: EntryWatch | undefined;
  readonly #calls = new Map<number, ActiveCall>();
  readonly #slots = new Map<string, number>();
  /** Calls whose outcome is known; their listeners hear of it once the isolate is left. */
  readonly #decided: ActiveCall[] = [];
  #lastSlot = 0;
  #lastTicket = 0;
  /**
   * A bug of a role, thrown while user code was waiting for it; thrown again outside the isolate.
   */
  #bug: { readonly error: unknown } | undefined;
  #isClosed = false;

  constructor({ executor, maxIsolates = ISOLATES_MAX_DEFAULT, watch }: IsolateHostOptions) {
    assert(maxIsolates >= 1, `executor ${executor} needs at least one isolate`);
    for (const flag of V8_FLAGS) setFlagsFromString(flag);
    this.#pool = new SandboxPool(maxIsolates);
    this.#watch = watch;
    this.#hostCalls = {
      request: (slot, operation, ...values) => this.#request(slot, operation, values),
      log: (slot, level, text) => this.#calls.get(slot)?.log(level, text),
      settle: (slot, tag, ...texts) => this.#settle(slot, tag, texts),
    };
  }

  readonly start = (call: FunctionCall, listener: CallListener): void => {
    const { definition, id } = call;
    assert(!this.#isClosed, 'nothing is started on a closed host');
    assert(!this.#slots.has(id), `call ${id} runs already`);
    assert(
      call.arguments.length === definition.parameters.length,
      `${definition.name} is given one argument a parameter`,
    );
    this.#lastSlot += 1;
    const active = new ActiveCall(this.#lastSlot, call, listener);
    this.#calls.set(active.slot, active);
    this.#slots.set(id, active.slot);
    gate.run(() => this.#run(active));
  };

  readonly cancel = (id: string): void => {
    const active = this.#calls.get(this.#slots.get(id) ?? 0);
    if (active === undefined) return;
    this.#forget(active);
    gate.run(() => {
      this.#dropTickets(active);
      this.#tellDecided();
    });
  };

  readonly pinnedFunctions = (): readonly string[] => this.#pool.functionNames();

  readonly close = (): void => {
    this.#isClosed = true;
    for (const active of this.#calls.values()) this.#forget(active);
    gate.run(() => this.#pool.close());
  };

  #run(active: ActiveCall): void {
    if (active.isOver) return;
    const { definition, id, arguments: texts, leftMs = Number.POSITIVE_INFINITY } = active.call;
    active.deadlineMs = performance.now() + leftMs;
    const sandbox = this.#pool.find(definition) ?? this.#open(active);
    if (sandbox === undefined) return;
    active.sandbox = sandbox;
    active.deadlineMs = Math.min(active.deadlineMs, performance.now() + definition.timeoutMs);
    this.#enter(active, (timeoutMs) => {
      const result = sandbox.start(active.slot, id, texts, timeoutMs);
      if (result === undefined) return;
      const value = result === true ? undefined : result;
      this.#decide(active, { status: 'returned', value });
    });
    if (active.isOver) return;
    active.wakeAtDeadline(performance.now(), () => gate.run(() => this.#expire(active)));
  }

  /** Compiles the function and runs its module; when that fails, so does the call. */
  #open(active: ActiveCall): Sandbox | undefined {
    const sandbox = new Sandbox({
      definition: active.call.definition,
      bridge: this.#bridge,
      calls: this.#hostCalls,
      // With a watch the process is ended, and the culprit named, from outside.
      onCatastrophe: this.#watch === undefined ? undefined : () => {},
    });
    active.sandbox = sandbox;
    this.#enter(active, (timeoutMs) => sandbox.load(timeoutMs));
    if (active.isOver) {
      sandbox.dispose();
      return undefined;
    }
    this.#pool.keep(sandbox, (other) => this.#isBusy(other));
    return sandbox;
  }

  #deliver(active: ActiveCall, ticket: number, texts: ReturnType<typeof replyTexts>): void {
    const { sandbox } = active;
    if (sandbox === undefined || !active.tickets.delete(ticket)) return;
    this.#enter(active, (timeoutMs) => sandbox.deliver(ticket, texts, timeoutMs));
  }

  /** One entry into the isolate, and all that follows from it. */
  #enter(active: ActiveCall, action: (timeoutMs: number) => void): void {
    const { definition, id } = active.call;
    const enteredMs = performance.now();
    active.noteEntered(enteredMs);
    const timeoutMs = Math.ceil(Math.min(active.deadlineMs - enteredMs, definition.timeoutMs));
    if (timeoutMs <= 0) {
      this.#expire(active);
      return;
    }
    this.#watch?.enter(id, timeoutMs);
    try {
      action(timeoutMs);
    } catch (error) {
      this.#fail(active, error, { elapsedMs: performance.now() - enteredMs, timeoutMs });
    } finally {
      this.#watch?.leave();
    }
    this.#tellDecided();
    const bug = this.#bug;
    this.#bug = undefined;
    if (bug !== undefined) throw bug.error;
  }

  #fail(active: ActiveCall, error: unknown, spent: EntryTime): void {
    const { sandbox, call, lastRefusal } = active;
    const isDisposed = sandbox?.isDisposed ?? false;
    const { failure, isBroken } = entryFailure(call.definition, error, { ...spent, isDisposed });
    if (isBroken) {
      this.#decide(active, { status: 'failed', failure });
      if (sandbox !== undefined) this.#abandon(sandbox);
      return;
    }
    // A promise that nobody awaited was rejected. Even when the function went on to return, what it
    // asked for failed.
    const isRefusal = lastRefusal !== undefined && lastRefusal.detail === failure.error?.message;
    this.#decide(active, {
      status: 'failed',
      failure: isRefusal ? { ...failure, ...lastRefusal } : failure,
    });
  }

  /** The isolate is lost, and with it every call in it. */
  #abandon(sandbox: Sandbox): void {
    this.#pool.remove(sandbox);
    for (const active of this.#calls.values()) {
      if (active.sandbox !== sandbox) continue;
      active.tickets.clear();
      if (active.outcome !== undefined) continue;
      this.#decide(active, { status: 'failed', failure: lostFailure(active.call.definition) });
    }
  }

  #decide(active: ActiveCall, outcome: Outcome): void {
    if (active.isOver) return;
    if (active.outcome === undefined) this.#decided.push(active);
    active.outcome = outcome;
  }

  #tellDecided(): void {
    for (let next = this.#decided.shift(); next !== undefined; next = this.#decided.shift()) {
      const { outcome } = next;
      if (outcome === undefined || next.isOver) continue;
      this.#forget(next);
      this.#dropTickets(next);
      next.listener.finished(outcome);
    }
  }

  #expire(active: ActiveCall): void {
    const failure = timeoutFailure(active.call.definition);
    this.#decide(active, { status: 'failed', failure });
    this.#tellDecided();
  }

  #forget(active: ActiveCall): void {
    active.end();
    this.#calls.delete(active.slot);
    this.#slots.delete(active.call.id);
  }

  /** Lets the isolate collect what was waiting for answers that nobody wants any more. */
  #dropTickets(active: ActiveCall): void {
    const tickets = [...active.tickets];
    active.tickets.clear();
    const { sandbox } = active;
    if (tickets.length === 0 || sandbox === undefined || sandbox.isDisposed) return;
    try {
      sandbox.drop(tickets, HOUSEKEEPING_MS);
    } catch {
      // The isolate had just reached its memory limit.
      this.#abandon(sandbox);
    }
  }

  #request(slot: number, operation: string, values: readonly unknown[]): DirectReply {
    const active = this.#calls.get(slot);
    if (active === undefined) return ['refused', 'cancelled', 'This call has ended.'];
    this.#lastTicket += 1;
    const ticket = this.#lastTicket;
    try {
      return active.request(operation, values, ticket, (reply) =>
        gate.run(() => this.#deliver(active, ticket, replyTexts(reply))),
      );
    } catch (error) {
      this.#bug ??= { error };
      return ['refused', 'internal', 'Stormglass failed.'];
    }
  }

  #settle(slot: number, tag: string, texts: readonly (string | undefined)[]): void {
    const active = this.#calls.get(slot);
    if (active !== undefined) this.#decide(active, settledOutcome(active, tag, texts));
  }

  #isBusy(sandbox: Sandbox): boolean {
    for (const active of this.#calls.values()) {
      if (active.sandbox === sandbox) return true;
    }
    return false;
  }
}

/** One host an executor; all hosts of a thread take turns. */
export function createIsolateHost(options: IsolateHostOptions): FunctionHost {
  return new IsolateHost(options);
}
