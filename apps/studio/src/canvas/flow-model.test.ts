import type { FunctionSummary } from '@stormglass/core';
import { describe, expect, test } from 'vitest';
import type { DagDocument } from '../document/document.ts';
import { RESULT_PORT, createFlowModel } from './flow-model.ts';
import type { FlowInput } from './flow-model.ts';
import { NODE_WIDTH, nodeHeight } from './node-geometry.ts';

const summary = (name: string, parameters: string[], optional: string[] = []): FunctionSummary => ({
  name,
  version: 1,
  language: 'javascript',
  parameters,
  optional,
  usesCloud: false,
  timeoutMs: 1_000,
  memoryMb: 64,
});

const document: DagDocument = {
  nodes: [
    { id: 'inc', function: 'increment' },
    { id: 'sq', function: 'square' },
  ],
  edges: [{ from: 'inc', to: 'sq', parameter: 'x' }],
  places: new Map([
    ['inc', { x: 0, y: 0 }],
    ['sq', { x: 288, y: 0 }],
  ]),
};

const input: FlowInput = {
  document,
  functions: new Map([
    ['increment', summary('increment', ['x'])],
    ['square', summary('square', ['x', 'limit'], ['limit'])],
  ]),
  selectedNodes: new Set(),
  selectedEdges: new Set(),
  dragged: new Map(),
  heights: new Map(),
  tabStop: 'inc',
  functionProblems: new Map(),
};

describe('the flow model', () => {
  test('a node has a port for each parameter, in order, and one for its result', () => {
    const [, square] = createFlowModel()(input).nodes;
    expect(square?.handles?.map(({ id, type }) => [id, type])).toStrictEqual([
      ['x', 'target'],
      ['limit', 'target'],
      [RESULT_PORT, 'source'],
    ]);
    expect(
      square?.data.ports.map(({ name, isRequired, from }) => [name, isRequired, from]),
    ).toStrictEqual([
      ['x', true, 'inc'],
      ['limit', false, undefined],
    ]);
  });

  test('size and handles are known without drawing', () => {
    const [increment, square] = createFlowModel()(input).nodes;
    expect(increment?.measured).toStrictEqual({ width: NODE_WIDTH, height: 76 });
    expect(square?.measured?.height).toBe(nodeHeight(2));
    expect(square?.handles?.every(({ width, height }) => width === 12 && height === 12)).toBe(true);
  });

  test('the last node of a chain is the sink', () => {
    const { nodes } = createFlowModel()(input);
    expect(nodes.map(({ id, data }) => [id, data.isSink])).toStrictEqual([
      ['inc', false],
      ['sq', true],
    ]);
  });

  test('what did not change keeps its identity', () => {
    const model = createFlowModel();
    const before = model(input);
    const moved = model({ ...input, dragged: new Map([['sq', { x: 300, y: 8 }]]) });
    expect(moved.nodes[0]).toBe(before.nodes[0]);
    expect(moved.nodes[1]).not.toBe(before.nodes[1]);
    expect(moved.nodes[1]?.position).toStrictEqual({ x: 300, y: 8 });
    expect(moved.edges[0]).toBe(before.edges[0]);
  });

  test('exactly one node is in the tab order', () => {
    const { nodes } = createFlowModel()({ ...input, tabStop: 'sq' });
    expect(nodes.map(({ domAttributes }) => domAttributes?.tabIndex)).toStrictEqual([-1, 0]);
  });

  test('an edge to a parameter that is gone stays visible and says so', () => {
    const functions = new Map([...(input.functions ?? []), ['square', summary('square', ['y'])]]);
    const [, square] = createFlowModel()({ ...input, functions }).nodes;
    expect(square?.data.ports.map(({ name, isGone }) => [name, isGone])).toStrictEqual([
      ['y', false],
      ['x', true],
    ]);
    expect(square?.data.problem).toBe('square has no parameter x any more.');
  });

  test('a function that is not registered is a problem, but not while functions are loading', () => {
    const none = createFlowModel()({ ...input, functions: new Map() });
    expect(none.nodes[0]?.data.problem).toBe('There is no function increment yet.');
    const loading = createFlowModel()({ ...input, functions: undefined });
    expect(loading.nodes[0]?.data.problem).toBeUndefined();
    expect(loading.nodes[1]?.data.ports.map(({ isGone }) => isGone)).toStrictEqual([false]);
  });

  test('a screen reader hears the name, the function and where each input comes from', () => {
    const [, square] = createFlowModel()(input).nodes;
    expect(square?.ariaLabel).toBe('sq, function square. x from inc. limit not connected');
  });
});
