/**
 * One V8 isolate with one version of one function in it, compiled and warm. Entered on the calling
 * thread. User code gets plain values and functions of the bridge; never a handle of isolated-vm,
 * whose methods reach out of the isolate.
 */
import type { FunctionDefinition } from '@stormglass/core';
import ivm from 'isolated-vm';
import { BRIDGE_ENTRY } from './bridge-source.ts';
import type { BridgeSource } from './bridge-source.ts';
import type { connect, deliver, drop, install, start } from './bridge/entries.ts';
import type { HostCalls } from './bridge/host.ts';
import { fileNameOf } from './thrown-error.ts';

export interface SandboxOptions {
  readonly definition: FunctionDefinition;
  readonly bridge: BridgeSource;
  readonly calls: HostCalls;
  /**
   * When V8 gives up on the isolate its thread never comes back; without this the process aborts.
   */
  readonly onCatastrophe?: (() => void) | undefined;
}

/** What {@link BRIDGE_ENTRY} exports. */
interface Entries {
  readonly connect: typeof connect;
  readonly install: typeof install;
  readonly start: typeof start;
  readonly deliver: typeof deliver;
  readonly drop: typeof drop;
}

type Entry<Name extends keyof Entries> = ivm.Reference<Entries[Name]>;

export class Sandbox {
  readonly definition: FunctionDefinition;
  readonly fileName: string;
  readonly #isolate: ivm.Isolate;
  readonly #context: ivm.Context;
  readonly #install: Entry<'install'>;
  readonly #start: Entry<'start'>;
  readonly #deliver: Entry<'deliver'>;
  readonly #drop: Entry<'drop'>;

  /** The realm without the function; {@link Sandbox.load} brings it in. */
  constructor(options: SandboxOptions) {
    this.definition = options.definition;
    this.fileName = fileNameOf(options.definition);
    const { onCatastrophe } = options;
    this.#isolate = new ivm.Isolate({
      memoryLimit: options.definition.memoryMb,
      ...(onCatastrophe === undefined ? {} : { onCatastrophicError: onCatastrophe }),
    });
    this.#context = this.#isolate.createContextSync();
    const namespace = this.#loadBridge(options.bridge);
    const entry = <Name extends keyof Entries>(name: Name): Entry<Name> =>
      namespace.getSync(name, { reference: true });
    const { request, log, settle } = options.calls;
    // Functions cross as plain synchronous callbacks.
    entry('connect').applySync(undefined, [request, log, settle]);
    this.#install = entry('install');
    this.#start = entry('start');
    this.#deliver = entry('deliver');
    this.#drop = entry('drop');
  }

  #loadBridge(bridge: BridgeSource): ivm.Reference<Entries> {
    const modules = new Map<string, ivm.Module>();
    for (const [specifier, code] of bridge) {
      const filename = `stormglass:${specifier.slice(2)}`;
      modules.set(specifier, this.#isolate.compileModuleSync(code, { filename }));
    }
    const find = (specifier: string): ivm.Module => {
      const found = modules.get(specifier);
      if (found === undefined) throw new Error(`there is no bridge module ${specifier}`);
      return found;
    };
    const entry = find(BRIDGE_ENTRY);
    entry.instantiateSync(this.#context, find);
    entry.evaluateSync();
    return entry.namespace;
  }

  /**
   * Runs the user's module once. Throws what V8 throws: a SyntaxError, an error of the user's, a
   * time-out.
   */
  load(timeoutMs: number): void {
    const { javascript, cloudPosition = -1 } = this.definition;
    const module = this.#isolate.compileModuleSync(javascript, { filename: this.fileName });
    module.instantiateSync(this.#context, (specifier) => {
      throw new Error(`A function has no modules to import from; it asks for ${specifier}.`);
    });
    module.evaluateSync({ timeout: timeoutMs });
    const entry: ivm.Reference<Parameters<typeof install>[0]> = module.namespace.getSync(
      'default',
      { reference: true },
    );
    this.#install.applySync(undefined, [entry.derefInto(), cloudPosition]);
  }

  get isDisposed(): boolean {
    return this.#isolate.isDisposed;
  }

  start(
    slot: number,
    id: string,
    texts: readonly (string | undefined)[],
    timeoutMs: number,
  ): ReturnType<typeof start> {
    return this.#start.applySync(undefined, [slot, id, ...texts], { timeout: timeoutMs });
  }

  deliver(
    ticket: number,
    texts: readonly [string, ...(string | undefined)[]],
    timeoutMs: number,
  ): void {
    this.#deliver.applySync(undefined, [ticket, ...texts], { timeout: timeoutMs });
  }

  drop(tickets: readonly number[], timeoutMs: number): void {
    this.#drop.applySync(undefined, [...tickets], { timeout: timeoutMs });
  }

  dispose(): void {
    if (!this.#isolate.isDisposed) this.#isolate.dispose();
  }
}
