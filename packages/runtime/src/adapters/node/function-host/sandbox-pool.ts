/**
 * The warm isolates of one executor, by function and version.
 */
import type { FunctionDefinition } from '@stormglass/core';
import type { Sandbox } from './sandbox.ts';

const labelOf = ({ name, version }: FunctionDefinition): string => `${name}@${version}`;

export class SandboxPool {
  readonly #sizeMax: number;
  /** The longest unused first. */
  readonly #sandboxes = new Map<string, Sandbox>();

  constructor(sizeMax: number) {
    this.#sizeMax = sizeMax;
  }

  find(definition: FunctionDefinition): Sandbox | undefined {
    const label = labelOf(definition);
    const sandbox = this.#sandboxes.get(label);
    if (sandbox !== undefined) {
      this.#sandboxes.delete(label);
      this.#sandboxes.set(label, sandbox);
    }
    return sandbox;
  }

  /**
   * Other versions of the function go, and the longest unused beyond the limit; busy ones stay
   * until they are idle.
   */
  keep(sandbox: Sandbox, isBusy: (sandbox: Sandbox) => boolean): void {
    for (const other of this.#sandboxes.values()) {
      const isReplaced = other.definition.name === sandbox.definition.name;
      const isBeyond = this.#sandboxes.size >= this.#sizeMax;
      if ((isReplaced || isBeyond) && !isBusy(other)) this.remove(other);
    }
    this.#sandboxes.set(labelOf(sandbox.definition), sandbox);
  }

  remove(sandbox: Sandbox): void {
    const label = labelOf(sandbox.definition);
    if (this.#sandboxes.get(label) === sandbox) this.#sandboxes.delete(label);
    sandbox.dispose();
  }

  functionNames(): readonly string[] {
    const names = [...this.#sandboxes.values()].map((sandbox) => sandbox.definition.name);
    return [...new Set(names)];
  }

  close(): void {
    for (const sandbox of this.#sandboxes.values()) sandbox.dispose();
    this.#sandboxes.clear();
  }
}
