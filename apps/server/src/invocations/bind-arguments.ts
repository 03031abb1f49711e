/**
 * Arguments of a request → what executors take: every value as JSON text or as the key it is read
 * from, every name checked against the functions as they are registered now (api.md,
 * "Invocations").
 */
import {
  fail,
  isKey,
  KEY_LENGTH_MAX,
  succeed,
  type Argument,
  type ArgumentMap,
  type Dag,
  type Failure,
  type FunctionDefinition,
  type FunctionName,
  type NodeId,
  type Result,
} from '@stormglass/core';
import { shown } from '../http/problem-document.ts';

type FindFunction = (name: FunctionName) => FunctionDefinition | undefined;

/** A node with what its function takes and what its edges already bring. */
interface BoundNode {
  readonly id: NodeId;
  readonly definition: FunctionDefinition;
  readonly fromEdges: ReadonlySet<string>;
}

interface DagPlan {
  readonly nodes: ReadonlyMap<NodeId, BoundNode>;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const invalid = (detail: string, node: NodeId, parameter: string): Failure => ({
  type: 'invalid-request',
  detail,
  node,
  parameter,
});

function encodeArgument(value: unknown, node: NodeId, parameter: string): Result<Argument> {
  if (isRecord(value) && Object.hasOwn(value, '$ref') && Object.keys(value).length === 1) {
    const key = value['$ref'];
    if (typeof key === 'string' && isKey(key)) return succeed({ ref: key });
    const wanted = `a key of 1 to ${KEY_LENGTH_MAX} well-formed characters`;
    const detail = `"$ref" of ${node}.${parameter} takes ${wanted}, got ${shown(key)}.`;
    return fail(invalid(detail, node, parameter));
  }
  try {
    return succeed({ value: JSON.stringify(value) });
  } catch {
    // The only value parsed from JSON that cannot be written again is one nested beyond the stack.
    const detail = `The value of ${node}.${parameter} is nested too deeply. Flatten it.`;
    return fail(invalid(detail, node, parameter));
  }
}

const EMPTY: ReadonlyMap<string, Argument> = new Map();

function bindNode(node: BoundNode, given: unknown): Result<ReadonlyMap<string, Argument>> {
  const { id, definition, fromEdges } = node;
  const bound = given === undefined ? EMPTY : new Map<string, Argument>();
  for (const [parameter, value] of isRecord(given) ? Object.entries(given) : []) {
    if (!definition.parameters.some((known) => known.name === parameter)) {
      const known = definition.parameters.map(({ name }) => name).join(', ') || 'none';
      const detail = `${definition.name} has no parameter ${shown(parameter)}; it takes: ${known}.`;
      return fail({ type: 'unknown-parameter', detail, node: id, parameter });
    }
    if (fromEdges.has(parameter)) {
      const detail =
        `${parameter} of ${id} already comes over an edge. ` +
        'Leave the argument out, or remove the edge.';
      return fail({ type: 'parameter-bound-twice', detail, node: id, parameter });
    }
    const argument = encodeArgument(value, id, parameter);
    if (!argument.ok) return argument;
    if (bound instanceof Map) bound.set(parameter, argument.value);
  }
  for (const { name, required } of definition.parameters) {
    if (!required || fromEdges.has(name) || bound.has(name)) continue;
    const detail =
      `${id} needs a value for ${name}, and neither an edge nor the arguments bring one. ` +
      `Add it to "arguments"${fromEdges.size > 0 ? ', or draw an edge into it' : ''}.`;
    return fail({ type: 'missing-argument', detail, node: id, parameter: name });
  }
  return succeed(bound);
}

/** Plans live as long as their DAG and are made anew when one of its functions was replaced. */
const plans = new WeakMap<Dag, DagPlan>();

function isCurrent(plan: DagPlan, findFunction: FindFunction): boolean {
  for (const { definition } of plan.nodes.values()) {
    if (findFunction(definition.name) !== definition) return false;
  }
  return true;
}

function makePlan(dag: Dag, findFunction: FindFunction): Result<DagPlan> {
  const nodes = new Map<NodeId, BoundNode>();
  for (const { id, function: name } of dag.nodes) {
    const definition = findFunction(name);
    if (definition === undefined) {
      const detail = `Node ${id} names the function ${name}, which is not registered. Register it.`;
      return fail({ type: 'unknown-function', detail, node: id, function: name });
    }
    const edges = dag.edges.filter((edge) => edge.to === id);
    const lost = edges.find(({ parameter }) =>
      definition.parameters.every((known) => known.name !== parameter),
    );
    if (lost !== undefined) {
      const detail =
        `An edge leads into the parameter ${lost.parameter} of ${id}, which version ` +
        `${definition.version} of ${name} no longer has. Save the DAG with another edge.`;
      return fail({ type: 'unknown-parameter', detail, node: id, parameter: lost.parameter });
    }
    nodes.set(id, { id, definition, fromEdges: new Set(edges.map((edge) => edge.parameter)) });
  }
  return succeed({ nodes });
}

function planOf(dag: Dag, findFunction: FindFunction): Result<DagPlan> {
  const known = plans.get(dag);
  if (known !== undefined && isCurrent(known, findFunction)) return succeed(known);
  const plan = makePlan(dag, findFunction);
  if (plan.ok) plans.set(dag, plan.value);
  return plan;
}

/**
 * `given` is node → parameter → value as the request has it, `__proto__` being a name like any
 * other.
 */
export function bindDagArguments(
  dag: Dag,
  given: unknown,
  findFunction: FindFunction,
): Result<ArgumentMap> {
  const plan = planOf(dag, findFunction);
  if (!plan.ok) return plan;
  const entries = isRecord(given) ? Object.entries(given) : [];
  const stranger = entries.find(([id]) => !plan.value.nodes.has(id));
  if (stranger !== undefined) {
    const detail =
      `"arguments" names the node ${shown(stranger[0])}, which ${dag.name} does not have; ` +
      `its nodes are ${dag.nodes.map(({ id }) => id).join(', ')}.`;
    return fail({ type: 'unknown-node', detail, node: stranger[0] });
  }
  const byNode = new Map(entries);
  const map: ArgumentMap = new Map();
  for (const node of plan.value.nodes.values()) {
    const bound = bindNode(node, byNode.get(node.id));
    if (!bound.ok) return bound;
    if (bound.value.size > 0) map.set(node.id, new Map(bound.value));
  }
  return succeed(map);
}

/** `given` is parameter → value; the function is the one node of its DAG. */
export function bindFunctionArguments(
  definition: FunctionDefinition,
  given: unknown,
): Result<ArgumentMap> {
  const node = { id: definition.name, definition, fromEdges: new Set<string>() };
  const bound = bindNode(node, given);
  return bound.ok ? succeed(new Map([[definition.name, new Map(bound.value)]])) : bound;
}
