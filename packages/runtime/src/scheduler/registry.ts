/**
 * Functions and DAGs by name. Persisted in storage, in spaces of their own (decision 10); this is
 * the working copy.
 */
import type { Dag, DagName, FunctionDefinition, FunctionName } from '@stormglass/core';

export class Registry {
  readonly #functions = new Map<FunctionName, FunctionDefinition>();
  readonly #dags = new Map<DagName, Dag>();
  /** Survives a delete: executors keep definitions by name and version, so no version may come twice. */
  readonly #lastVersions = new Map<string, number>();
  #revision = 0;

  /** Grows with every change; what was derived from an older one is stale. */
  get revision(): number {
    return this.#revision;
  }

  functions(): readonly FunctionDefinition[] {
    return [...this.#functions.values()];
  }

  dags(): readonly Dag[] {
    return [...this.#dags.values()];
  }

  function(name: FunctionName): FunctionDefinition | undefined {
    return this.#functions.get(name);
  }

  dag(name: DagName): Dag | undefined {
    return this.#dags.get(name);
  }

  nextFunctionVersion(name: FunctionName): number {
    return (this.#lastVersions.get(`function/${name}`) ?? 0) + 1;
  }

  nextDagVersion(name: DagName): number {
    return (this.#lastVersions.get(`dag/${name}`) ?? 0) + 1;
  }

  putFunction(definition: FunctionDefinition): void {
    this.#functions.set(definition.name, definition);
    this.#keepVersion(`function/${definition.name}`, definition.version);
  }

  putDag(dag: Dag): void {
    this.#dags.set(dag.name, dag);
    this.#keepVersion(`dag/${dag.name}`, dag.version);
  }

  deleteFunction(name: FunctionName): void {
    this.#functions.delete(name);
    this.#revision += 1;
  }

  deleteDag(name: DagName): void {
    this.#dags.delete(name);
    this.#revision += 1;
  }

  dagsUsing(name: FunctionName): readonly DagName[] {
    return this.dags()
      .filter(({ nodes }) => nodes.some((node) => node.function === name))
      .map((dag) => dag.name);
  }

  #keepVersion(name: string, version: number): void {
    this.#revision += 1;
    this.#lastVersions.set(name, Math.max(version, this.#lastVersions.get(name) ?? 0));
  }
}
