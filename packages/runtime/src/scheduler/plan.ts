/**
 * What the scheduler derives once per DAG and function versions, and the checks of an invocation against it.
 */
import {
  describeDagProblem,
  fail,
  missingArguments,
  sinksOf,
  succeed,
  validateDag,
  type ArgumentMap,
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
    const dag = 'dag' in target ? this.#registry.dag(target.dag) : this.#dagOfFunction(target.function);
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
    return succeed({ dag, label, definitions, versions, sinks: sinksOf(dag) });
  }
}

/** The first thing that is wrong with the arguments of an invocation. */
export const argumentFailure = (plan: Plan, given: ArgumentMap): Failure | undefined => {
  const { dag, definitions } = plan;
  const functionOfNode = new Map(dag.nodes.map(({ id, function: name }) => [id, name]));
  for (const [node, parameters] of given) {
    const name = functionOfNode.get(node);
    if (name === undefined) {
      return {
        type: 'unknown-node',
        node,
        detail: `There is no node ${node} in ${dag.name}; its nodes are ${dag.nodes.map(({ id }) => id).join(', ')}.`,
      };
    }
    for (const parameter of parameters.keys()) {
      const failure = parameterFailure(plan, { node, name, parameter });
      if (failure !== undefined) return failure;
    }
  }
  const [missing] = missingArguments(
    dag,
    (name) => definitions.get(name),
    (node, parameter) => given.get(node)?.has(parameter) ?? false,
  );
  if (missing === undefined) return undefined;
  return {
    type: 'missing-argument',
    ...missing,
    detail: `The parameter ${missing.parameter} of ${missing.node} has no edge, no default and no argument. Give it in "arguments", or connect it.`,
  };
};

const parameterFailure = (
  { dag, definitions }: Plan,
  { node, name, parameter }: { readonly node: NodeId; readonly name: string; readonly parameter: string },
): Failure | undefined => {
  const parameters = definitions.get(name)?.parameters ?? [];
  if (!parameters.some((known) => known.name === parameter)) {
    const names = parameters.map((known) => known.name).join(', ');
    return {
      type: 'unknown-parameter',
      node,
      function: name,
      parameter,
      detail: `${name} has no parameter ${parameter}; it has ${names === '' ? 'none' : names}.`,
    };
  }
  if (dag.edges.some((edge) => edge.to === node && edge.parameter === parameter)) {
    return {
      type: 'parameter-bound-twice',
      node,
      parameter,
      detail: `The parameter ${parameter} of ${node} already comes from an edge. Leave it out of "arguments".`,
    };
  }
  return undefined;
};

const notFound = (target: Target): Failure =>
  'dag' in target
    ? { type: 'dag-not-found', detail: `There is no DAG ${target.dag}. Register it first.` }
    : {
        type: 'function-not-found',
        function: target.function,
        detail: `There is no function ${target.function}. Register it first.`,
      };
