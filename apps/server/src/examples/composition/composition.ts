/**
 * f(g(x)): the smallest DAG there is.
 */
import { COLUMN, type ExampleDefinition } from '../example-definition.ts';

export const composition: ExampleDefinition = {
  id: 'composition',
  title: 'Composition',
  summary:
    'Increment, then square: f(g(x)). The result of one function travels straight to the next, ' +
    'without a detour over the scheduler.',
  dag: 'composition',
  arguments: { increment: { x: 4 } },
  functionFiles: ['increment.js', 'square.js'],
  body: {
    nodes: [
      { id: 'increment', function: 'increment' },
      { id: 'square', function: 'square' },
    ],
    edges: [{ from: 'increment', to: 'square', parameter: 'x' }],
    layout: { increment: { x: 0, y: 0 }, square: { x: COLUMN, y: 0 } },
  },
  entries: () => Promise.resolve([]),
};
