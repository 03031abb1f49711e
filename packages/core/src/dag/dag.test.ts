// What a DAG may look like, what is said when it does not, and its shape.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { canConnect } from './can-connect.ts';
import type { DagEdge, DagProblem } from './dag.ts';
import {
  type DagShape,
  incomingEdges,
  outgoingEdges,
  sinksOf,
  sourcesOf,
  topologicalOrder,
} from './dag-shape.ts';
import { missingArguments } from './missing-arguments.ts';
import { describeDagProblem, validateDag } from './validate-dag.ts';

const required = (name: string) => ({ name, required: true });
const functions = new Map([
  ['f', { parameters: [required('x'), required('y'), { name: 'limit', required: false }] }],
  ['__proto__', { parameters: [required('x')] }],
]);
const functionOf = (name: string) => functions.get(name);

const edge = (text: string): DagEdge => {
  const [from = '', to = '', parameter = 'x'] = text.split(' ');
  return { from, to, parameter };
};
const dag = (ids: string, ...edges: readonly string[]): DagShape => ({
  nodes: ids.split(' ').map((id) => ({ id, function: 'f' })),
  edges: edges.map(edge),
});
const problems = (body: DagShape) => validateDag(body, functionOf);

test('[DAG1] a valid DAG has no problems, one with the same function at every node included', () => {
  expect(problems(dag('a b c', 'a b', 'a c', 'b c y'))).toEqual([]);
  expect(problems({ nodes: [{ id: '__proto__', function: '__proto__' }], edges: [] })).toEqual([]);
});

test('[DAG1] every problem is reported at once', () => {
  const body: DagShape = {
    nodes: [
      { id: 'a', function: 'f' },
      { id: 'a', function: 'f' },
      { id: 'b', function: 'nothing' },
      { id: 'c', function: 'f' },
    ],
    edges: [
      edge('a c'),
      edge('b c'),
      edge('a c wrong'),
      edge('a gone'),
      edge('lost c y'),
      edge('c c limit'),
    ],
  };
  expect(problems(body)).toEqual([
    { type: 'duplicate-node', node: 'a' },
    { type: 'unknown-function', node: 'b', function: 'nothing' },
    { type: 'parameter-bound-twice', node: 'c', parameter: 'x' },
    { type: 'unknown-parameter', node: 'c', parameter: 'wrong', edge: 2 },
    { type: 'unknown-node', node: 'gone', edge: 3 },
    { type: 'unknown-node', node: 'lost', edge: 4 },
    { type: 'dag-cycle', cycle: ['c'] },
  ]);
});

test('[DAG2] a cycle is named in the order of its edges, beginning with the first node of the DAG', () => {
  expect(problems(dag('z b c a', 'a b', 'b c', 'c a', 'z a y', 'c z limit'))).toEqual([
    { type: 'dag-cycle', cycle: ['b', 'c', 'a'] },
  ]);
  expect(problems(dag('a b', 'a a'))).toEqual([{ type: 'dag-cycle', cycle: ['a'] }]);
});

test('[DAG2] a node that only waits for a cycle is not part of it; two cycles are two problems', () => {
  const found = problems(dag('late a b c d', 'a b', 'b a', 'b late', 'c d', 'd c'));
  expect(found).toEqual([
    { type: 'dag-cycle', cycle: ['a', 'b'] },
    { type: 'dag-cycle', cycle: ['c', 'd'] },
  ]);
});

const idArbitrary = fc.constantFrom('a', 'b', 'c', 'd', 'e', '__proto__', 'constructor');
const anyEdge = fc.record({
  from: idArbitrary,
  to: idArbitrary,
  parameter: fc.constantFrom('x', 'y', 'no'),
});
const anyBody = fc.record({
  nodes: fc.array(
    fc.record({ id: idArbitrary, function: fc.constantFrom('f', '__proto__', 'no') }),
  ),
  edges: fc.array(anyEdge),
});

/** A DAG drawn edge by edge as a person would, so it is valid. */
const drawn = fc.array(anyEdge, { maxLength: 12 }).map((edges) => {
  const nodes = ['a', 'b', 'c', 'd', 'e', '__proto__', 'constructor'].map((id) => ({
    id,
    function: 'f',
  }));
  return edges.reduce<DagShape>(
    (so, next) =>
      canConnect(so, functionOf, next).ok ? { nodes, edges: [...so.edges, next] } : so,
    { nodes, edges: [] },
  );
});

test('[DAG1] [DAG2] validation never throws, and every cycle it names is one', () => {
  fc.assert(
    fc.property(anyBody, (body) => {
      for (const problem of problems(body)) {
        expect(describeDagProblem(problem)).toMatch(/^[^.]+; .+\.$/u);
        if (problem.type !== 'dag-cycle') continue;
        for (const [at, id] of problem.cycle.entries()) {
          const next = problem.cycle[(at + 1) % problem.cycle.length];
          expect(body.edges.some(({ from, to }) => from === id && to === next)).toBe(true);
        }
      }
    }),
  );
});

test('[DAG4] an edge may be drawn exactly when the DAG stays valid with it', () => {
  fc.assert(
    fc.property(drawn, anyEdge, (so, next) => {
      const after = { ...so, edges: [...so.edges, next] };
      expect(canConnect(so, functionOf, next).ok).toBe(problems(after).length === 0);
    }),
    { numRuns: 300 },
  );
});

test('[DAG3] every node comes after those it waits for, and every node comes', () => {
  fc.assert(
    fc.property(drawn, (so) => {
      const order = topologicalOrder(so);
      expect(order.toSorted()).toEqual(so.nodes.map(({ id }) => id).toSorted());
      for (const { from, to } of so.edges)
        expect(order.indexOf(from)).toBeLessThan(order.indexOf(to));
    }),
  );
  expect(() => topologicalOrder(dag('a b', 'a b', 'b a'))).toThrow('a, b wait for a cycle');
});

test('the ends of a DAG and the edges of a node', () => {
  const so = dag('a b c lone', 'a b', 'b c', 'a c y');
  expect(sourcesOf(so)).toEqual(['a', 'lone']);
  expect(sinksOf(so)).toEqual(['c', 'lone']);
  expect(incomingEdges(so, 'c')).toEqual([edge('b c'), edge('a c y')]);
  expect(outgoingEdges(so, 'a')).toEqual([edge('a b'), edge('a c y')]);
});

test.each([
  ['a a', 'A function cannot wait for itself.', ['a']],
  ['c a', 'This would close a loop: c → a → b → c.', ['c', 'a', 'b']],
  ['a b', 'Already linked.', undefined],
  ['a c', 'Argument 1 already comes from b.', undefined],
  ['a c photo', 'c has no argument photo.', undefined],
  ['a gone', 'There is no gone here.', undefined],
] as const)('[DAG4] drawing %s is refused: %s', (text, reason, cycle) => {
  const answer = canConnect(dag('a b c', 'a b', 'b c'), functionOf, edge(text));
  expect(answer).toEqual(
    cycle === undefined ? { ok: false, reason } : { ok: false, reason, cycle },
  );
});

test('[DAG4] an edge into a function without code may be drawn: there is nothing to compare with yet', () => {
  const so = { nodes: [...dag('a').nodes, { id: 'b', function: 'later' }], edges: [] };
  expect(canConnect(so, functionOf, edge('a b whatever'))).toEqual({ ok: true });
  const bound = { ...so, edges: [edge('a b whatever')] };
  const again = { ...bound, nodes: [...so.nodes, { id: 'c', function: 'f' }] };
  expect(canConnect(again, functionOf, edge('c b whatever'))).toEqual({
    ok: false,
    reason: 'Argument whatever already comes from a.',
  });
});

test('[DAG5] a required parameter needs an edge or an argument, one with a default does not', () => {
  const given = (node: string, parameter: string) => node === 'a' && parameter === 'x';
  expect(missingArguments(dag('a b', 'a b y'), functionOf, given)).toEqual([
    { node: 'a', parameter: 'y' },
    { node: 'b', parameter: 'x' },
  ]);
});

test('[DAG1] each problem is one sentence that says what to do', () => {
  const all: readonly DagProblem[] = [
    { type: 'dag-cycle', cycle: ['a', 'b'] },
    { type: 'dag-cycle', cycle: ['a'] },
    { type: 'unknown-parameter', node: 'a', parameter: 'p', edge: 0 },
  ];
  expect(all.map(describeDagProblem)).toEqual([
    'The edges form a cycle, a → b → a; remove one of them, or carry the value over in a key.',
    'a waits for its own result; remove the edge from a to itself.',
    'Edge 0 leads to a, which has no parameter p; lead it into one that it has.',
  ]);
});
