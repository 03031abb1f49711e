import { expect, test } from 'vitest';
import { applyGesture } from './command.ts';
import type { Command } from './command.ts';
import type { DagDocument } from './document.ts';

const chain: DagDocument = {
  nodes: ['a', 'b', 'c'].map((id) => ({ id, function: 'f' })),
  edges: [
    { from: 'a', to: 'b', parameter: 'x' },
    { from: 'b', to: 'c', parameter: 'x' },
  ],
  places: new Map(['a', 'b', 'c'].map((id, index) => [id, { x: index * 288, y: 0 }])),
};

const apply = (...commands: readonly Command[]) => applyGesture(chain, { label: 'Test', commands });

test('deleting a node takes the edges on both its sides', () => {
  const after = apply({ type: 'remove', nodes: ['b'], edges: [] });
  expect(after.nodes.map(({ id }) => id)).toStrictEqual(['a', 'c']);
  expect(after.edges).toStrictEqual([]);
  expect([...after.places.keys()]).toStrictEqual(['a', 'c']);
});

test('deleting an edge leaves its nodes and the other edges', () => {
  const after = apply({ type: 'remove', nodes: [], edges: ['c:x'] });
  expect(after.edges).toStrictEqual([chain.edges[0]]);
  expect(after.nodes).toStrictEqual(chain.nodes);
});

test('renaming a node renames it in its edges and keeps its place', () => {
  const after = apply({ type: 'rename-node', from: 'b', to: 'middle' });
  expect(after.edges).toStrictEqual([
    { from: 'a', to: 'middle', parameter: 'x' },
    { from: 'middle', to: 'c', parameter: 'x' },
  ]);
  expect(after.places.get('middle')).toStrictEqual({ x: 288, y: 0 });
});

test.each<[string, Command]>([
  ['a taken id', { type: 'add-node', id: 'a', function: 'g', place: { x: 0, y: 0 } }],
  ['a taken name', { type: 'rename-node', from: 'a', to: 'b' }],
  ['a bound parameter', { type: 'connect', edge: { from: 'a', to: 'c', parameter: 'x' } }],
  ['an edge to nowhere', { type: 'connect', edge: { from: 'a', to: 'z', parameter: 'x' } }],
  ['the same place', { type: 'move-nodes', places: [['a', { x: 0, y: 0 }]] }],
  ['nothing to delete', { type: 'remove', nodes: ['z'], edges: ['z:x'] }],
])('%s changes nothing', (_, command) => {
  expect(apply(command)).toBe(chain);
});
