/**
 * The FunctionHost port for scripted functions: fully synchronous, each call with a virtual
 * duration of its own.
 */
import {
  assert,
  must,
  type EncodedValue,
  type Failure,
  type FunctionDefinition,
  type FunctionName,
} from '@stormglass/core';
import type {
  CallListener,
  FunctionCall,
  FunctionHost,
  LibraryReply,
  LibraryRequest,
} from '../../ports/function-host.ts';
import type { Random } from '../../ports/random.ts';
import type { Cancel } from '../../ports/timers.ts';
import { drawInteger, type Range } from './draws.ts';
import type { EventQueue } from './event-queue.ts';
import { RefusedRequest, type Script, type ScriptRun } from './script.ts';
import type { SimLife } from './sim-life.ts';

/** Hears everything that user code gets. */
export interface FunctionObserver {
  readonly called: (call: FunctionCall) => void;
  readonly replied: (call: string, request: LibraryRequest, reply: LibraryReply) => void;
}

export interface SimFunctionHostOptions {
  readonly queue: EventQueue;
  readonly random: Random;
  readonly life: SimLife;
  readonly scripts: ReadonlyMap<FunctionName, Script>;
  /** Drawn for each call; passes before its first step. */
  readonly startUs: Range;
  readonly observe: FunctionObserver;
}

interface Call {
  readonly id: string;
  readonly definition: FunctionDefinition;
  readonly run: ScriptRun;
  readonly listener: CallListener;
  readonly timeoutMs: number;
  cancelTimeout: Cancel;
}

/** How a generator is resumed: with a reply, or with an error where it stands. */
type Resumption = { readonly reply: LibraryReply } | { readonly thrown: unknown };

const DONE: LibraryReply = { status: 'done' };

export class SimFunctionHost implements FunctionHost {
  readonly #options: SimFunctionHostOptions;
  readonly #calls = new Map<string, Call>();
  readonly #pinned = new Set<FunctionName>();

  constructor(options: SimFunctionHostOptions) {
    this.#options = options;
  }

  start(call: FunctionCall, listener: CallListener): void {
    const { random, startUs, scripts } = this.#options;
    const { name, timeoutMs } = call.definition;
    const script = must(scripts.get(name), `The scenario has no script for the function ${name}`);
    this.#options.observe.called(call);
    const run: Call = {
      id: call.id,
      definition: call.definition,
      run: script(...call.arguments.map(decodeArgument)),
      listener,
      timeoutMs,
      cancelTimeout: () => undefined,
    };
    this.#calls.set(call.id, run);
    this.#pinned.add(name);
    run.cancelTimeout = this.#later(timeoutMs * 1000, run, () =>
      this.#fail(run, 'timeout', `The function ${name} ran longer than ${timeoutMs} ms.`),
    );
    const delayUs = drawInteger(random, startUs);
    if (delayUs === 0) this.#advance(run, { reply: DONE });
    else this.#later(delayUs, run, () => this.#advance(run, { reply: DONE }));
  }

  cancel(id: string): void {
    const call = this.#calls.get(id);
    if (call !== undefined) this.#end(call);
  }

  pinnedFunctions(): readonly string[] {
    return [...this.#pinned];
  }

  close(): void {
    for (const call of this.#calls.values()) this.#end(call);
  }

  /**
   * Runs a call until it waits or ends. A loop: replies that come at once do not deepen the stack.
   */
  #advance(call: Call, first: Resumption): void {
    let resumption: Resumption | undefined = first;
    while (resumption !== undefined && this.#isRunning(call)) {
      const step = this.#resume(call, resumption);
      if (step === undefined) return;
      if (step.done === true) {
        this.#return(call, step.value);
        return;
      }
      if (step.value.operation === 'work') {
        this.#later(step.value.durationMs * 1000, call, () => this.#advance(call, { reply: DONE }));
        return;
      }
      resumption =
        step.value.operation === 'id' ? { reply: idOf(call) } : this.#ask(call, step.value);
    }
  }

  /** The reply if it came at once; otherwise the call goes on when it comes. */
  #ask(call: Call, request: LibraryRequest): Resumption | undefined {
    const { name, cloudPosition } = call.definition;
    assert(cloudPosition !== undefined, `The function ${name} was declared without cloud`);
    let atOnce: Resumption | undefined;
    let isInside = true;
    call.listener.request(request, (reply) => {
      this.#options.observe.replied(call.id, request, reply);
      const resumption = resumptionOf(reply);
      if (isInside) atOnce = resumption;
      else if (this.#options.life.isAlive) this.#advance(call, resumption);
    });
    isInside = false;
    return atOnce;
  }

  #resume(call: Call, resumption: Resumption): ReturnType<ScriptRun['next']> | undefined {
    try {
      return 'reply' in resumption
        ? call.run.next(resumption.reply)
        : call.run.throw(resumption.thrown);
    } catch (thrown) {
      if (thrown instanceof RefusedRequest) {
        const { type, detail } = thrown.failure;
        this.#fail(call, type, detail);
        return undefined;
      }
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      this.#fail(
        call,
        'function-failed',
        `The function ${call.definition.name} threw: ${error.message}`,
        {
          name: error.name,
          message: error.message,
          stack: `${error.name}: ${error.message}`,
        },
      );
      return undefined;
    }
  }

  #return(call: Call, value: unknown): void {
    this.#end(call);
    const encoded: EncodedValue | undefined =
      value === undefined ? undefined : JSON.stringify(value);
    call.listener.finished({ status: 'returned', value: encoded });
  }

  #fail(call: Call, type: Failure['type'], detail: string, error?: Failure['error']): void {
    this.#end(call);
    const failure: Failure = { type, detail, function: call.definition.name, error };
    call.listener.finished({ status: 'failed', failure });
  }

  #end(call: Call): void {
    this.#calls.delete(call.id);
    call.cancelTimeout();
  }

  #isRunning(call: Call): boolean {
    return this.#calls.get(call.id) === call;
  }

  #later(delayUs: number, call: Call, then: () => void): Cancel {
    const { queue, life } = this.#options;
    return queue.after(delayUs, () =>
      life.run(queue, () => {
        if (this.#isRunning(call)) then();
      }),
    );
  }
}

const idOf = ({ id }: Call): LibraryReply => ({ status: 'values', values: [JSON.stringify(id)] });

const decodeArgument = (value: EncodedValue | undefined): unknown =>
  value === undefined ? undefined : JSON.parse(value);

const resumptionOf = (reply: LibraryReply): Resumption =>
  reply.status === 'refused' ? { thrown: new RefusedRequest(reply.failure) } : { reply };
