/**
 * What is wrong with a DAG that somebody wants to register (api.md, "DAGs"). The server and the
 * studio ask the same.
 */
import type { FunctionName, NodeId } from '../ids.ts';
import type { DagProblem, FunctionDefinition } from './dag.ts';
import type { DagShape } from './dag-shape.ts';
import { findCycles } from './find-cycles.ts';

/** The parameters of a registered function, `undefined` when it is not registered. */
export type FunctionOf = (name: FunctionName) => Pick<FunctionDefinition, 'parameters'> | undefined;

/** Every problem, in the order of nodes and edges, cycles last. Never throws, whatever the body holds. */
export function validateDag(body: DagShape, functionOf: FunctionOf): readonly DagProblem[] {
  const cycles = findCycles(body).map((cycle): DagProblem => ({ type: 'dag-cycle', cycle }));
  return [...nodeProblems(body, functionOf), ...edgeProblems(body, functionOf), ...cycles];
}

function nodeProblems(body: DagShape, functionOf: FunctionOf): readonly DagProblem[] {
  const problems: DagProblem[] = [];
  const seen = new Set<NodeId>();
  const repeated = new Set<NodeId>();
  for (const node of body.nodes) {
    if (seen.has(node.id) && !repeated.has(node.id)) {
      problems.push({ type: 'duplicate-node', node: node.id });
      repeated.add(node.id);
    }
    seen.add(node.id);
    if (functionOf(node.function) === undefined) {
      problems.push({ type: 'unknown-function', node: node.id, function: node.function });
    }
  }
  return problems;
}

function edgeProblems(body: DagShape, functionOf: FunctionOf): readonly DagProblem[] {
  const problems: DagProblem[] = [];
  const functions = new Map(body.nodes.map((node) => [node.id, node.function]));
  const bindings = new Map<string, number>();
  for (const [edge, { from, to, parameter }] of body.edges.entries()) {
    const missing = [...new Set([from, to])].filter((node) => !functions.has(node));
    problems.push(...missing.map((node): DagProblem => ({ type: 'unknown-node', node, edge })));
    const name = functions.get(to);
    if (name === undefined) continue;
    const parameters = functionOf(name)?.parameters;
    if (parameters !== undefined && !parameters.some((known) => known.name === parameter)) {
      problems.push({ type: 'unknown-parameter', node: to, parameter, edge });
    }
    const binding = JSON.stringify([to, parameter]);
    const times = (bindings.get(binding) ?? 0) + 1;
    bindings.set(binding, times);
    if (times === 2) problems.push({ type: 'parameter-bound-twice', node: to, parameter });
  }
  return problems;
}

/** One sentence: what is wrong, and what to do. */
export function describeDagProblem(problem: DagProblem): string {
  const [wrong, remedy] = sentenceParts(problem);
  return `${wrong}; ${remedy}.`;
}

function sentenceParts(problem: DagProblem): readonly [wrong: string, remedy: string] {
  switch (problem.type) {
    case 'dag-cycle':
      return cycleParts(problem.cycle);
    case 'unknown-function':
      return [
        `Node ${problem.node} names the function ${problem.function}, which is not registered`,
        'register it first or name another',
      ];
    case 'unknown-node':
      return [
        `Edge ${problem.edge} names the node ${problem.node}, which is not in the DAG`,
        'add the node or remove the edge',
      ];
    case 'unknown-parameter':
      return [
        `Edge ${problem.edge} leads to ${problem.node}, which has no parameter ${problem.parameter}`,
        'lead it into one that it has',
      ];
    case 'duplicate-node':
      return [`Two nodes have the id ${problem.node}`, 'give each an id of its own'];
    case 'parameter-bound-twice':
      return [
        `The parameter ${problem.parameter} of ${problem.node} has more than one edge`,
        'keep one of them',
      ];
  }
}

function cycleParts(cycle: readonly NodeId[]): readonly [string, string] {
  const [first] = cycle;
  if (cycle.length === 1) {
    return [`${first} waits for its own result`, `remove the edge from ${first} to itself`];
  }
  return [
    `The edges form a cycle, ${loopText(cycle)}`,
    'remove one of them, or carry the value over in a key',
  ];
}

/** The nodes of a cycle in words, the first repeated at the end: `a → b → c → a`. */
export const loopText = (cycle: readonly NodeId[]): string =>
  [...cycle, ...cycle.slice(0, 1)].join(' → ');
