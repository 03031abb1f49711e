import { expect, test } from 'vitest';
import type { DagDocument } from '../document/document.ts';
import { walk } from './walk.ts';

const node = (id: string) => ({ id, function: 'f' });
const document: DagDocument = {
  nodes: [node('a'), node('b'), node('c'), node('d')],
  edges: [
    { from: 'a', to: 'b', parameter: 'x' },
    { from: 'a', to: 'c', parameter: 'x' },
    { from: 'c', to: 'd', parameter: 'x' },
  ],
  places: new Map([
    ['a', { x: 0, y: 0 }],
    ['b', { x: 288, y: 200 }],
    ['c', { x: 296, y: 0 }],
    ['d', { x: 576, y: 0 }],
  ]),
};

test.each([
  ['a', 'downstream', 'c'],
  ['d', 'upstream', 'c'],
  ['c', 'below', 'b'],
  ['b', 'above', 'c'],
  ['c', 'above', undefined],
  ['b', 'below', undefined],
  ['a', 'upstream', undefined],
  ['d', 'downstream', undefined],
] as const)('from %s %s to %s', (from, direction, to) => {
  expect(walk(document, from, direction)).toBe(to);
});

test('what is not connected is reached by its place', () => {
  const more: DagDocument = {
    ...document,
    nodes: [...document.nodes, node('e')],
    places: new Map([...document.places, ['e', { x: 864, y: 40 }]]),
  };
  expect(walk(more, 'd', 'downstream')).toBe('e');
  expect(walk(more, 'e', 'upstream')).toBe('d');
  expect(walk(more, 'e', 'downstream')).toBeUndefined();
});
