/**
 * What the scheduler derives once per DAG and function versions.
 */
import {
  describeDagProblem,
  fail,
  sinksOf,
  succeed,
  topologicalOrder,
  validateDag,
  type Dag,
  type Failure,
  type FunctionDefinition,
  type FunctionName,
  type NodeId,
  type Result,
} from '@stormglass/core';
import type { Registry } from './registry.ts';

export interface Plan {
  readonly dag: Dag;
  /** How the target is called in events: the DAG, or `function:<name>`. */
  readonly label: string;
  readonly definitions: ReadonlyMap<FunctionName, FunctionDefinition>;
  readonly versions: ReadonlyMap<FunctionName, number>;
  readonly sinks: readonly NodeId[];
  /** The nodes whose functions are not given `cloud`. */
  readonly withoutCloud: readonly NodeId[];
  /** Every node after those it waits for. */
  readonly order: readonly NodeId[];
}

export type Target = { readonly dag: string } | { readonly function: string };

export class Plans {
  readonly #registry: Registry;
  readonly #plans = new Map<string, Result<Plan>>();
  #revision = -1;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  planOf(target: Target): Result<Plan> {
    if (this.#revision !== this.#registry.revision) {
      this.#plans.clear();
      this.#revision = this.#registry.revision;
    }
    const label = 'dag' in target ? target.dag : `function:${target.function}`;
    const known = this.#plans.get(label);
    if (known !== undefined) return known;
    const dag =
      'dag' in target ? this.#registry.dag(target.dag) : this.#dagOfFunction(target.function);
    if (dag === undefined) return fail(notFound(target));
    const plan = this.#derive(dag, label);
    this.#plans.set(label, plan);
    return plan;
  }

  #dagOfFunction(name: FunctionName): Dag | undefined {
    const definition = this.#registry.function(name);
    if (definition === undefined) return undefined;
    const nodes = [{ id: name, function: name }];
    return { name: `function:${name}`, version: definition.version, nodes, edges: [] };
  }

  #derive(dag: Dag, label: string): Result<Plan> {
    // A function may have been replaced since the DAG was registered.
    const [problem] = validateDag(dag, (name) => this.#registry.function(name));
    if (problem !== undefined) return fail({ ...problem, detail: describeDagProblem(problem) });
    const definitions = new Map<FunctionName, FunctionDefinition>();
    for (const { function: name } of dag.nodes) {
      const definition = this.#registry.function(name);
      if (definition !== undefined) definitions.set(name, definition);
    }
    const versions = new Map([...definitions].map(([name, { version }]) => [name, version]));
    const order = topologicalOrder(dag);
    const withoutCloud = dag.nodes.flatMap(({ id, function: name }) =>
      definitions.get(name)?.cloudPosition === undefined ? [id] : [],
    );
    const sinks = sinksOf(dag);
    return succeed({ dag, label, definitions, versions, sinks, withoutCloud, order });
  }
}

const notFound = (target: Target): Failure =>
  'dag' in target
    ? { type: 'dag-not-found', detail: `There is no DAG ${target.dag}. Register it first.` }
    : {
        type: 'function-not-found',
        function: target.function,
        detail: `There is no function ${target.function}. Register it first.`,
      };
