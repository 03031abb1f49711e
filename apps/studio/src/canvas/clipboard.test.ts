import { expect, test } from 'vitest';
import type { DagDocument } from '../document/document.ts';
import { applyGesture } from '../document/command.ts';
import { copiedText, partOf, pasteOf, readCopied } from './clipboard.ts';

const functions = new Map(
  ['f', 'g'].map((name) => [
    name,
    {
      name,
      version: 1,
      language: 'javascript' as const,
      parameters: ['x'],
      optional: [],
      usesCloud: false,
      timeoutMs: 1_000,
      memoryMb: 64,
    },
  ]),
);

const document: DagDocument = {
  nodes: [
    { id: 'a', function: 'f' },
    { id: 'b', function: 'g' },
    { id: 'c', function: 'g' },
  ],
  edges: [
    { from: 'a', to: 'b', parameter: 'x' },
    { from: 'b', to: 'c', parameter: 'x' },
  ],
  places: new Map([
    ['a', { x: 0, y: 0 }],
    ['b', { x: 264, y: 0 }],
    ['c', { x: 528, y: 0 }],
  ]),
};

const pasted = (into: DagDocument, part: DagDocument): DagDocument =>
  applyGesture(into, { label: 'Paste', commands: pasteOf(into, part, functions).commands });

test('what is copied comes back from its text', () => {
  const part = partOf(document, new Set(['a', 'b']));
  expect(part.edges).toStrictEqual([{ from: 'a', to: 'b', parameter: 'x' }]);
  expect(readCopied(copiedText(part))).toStrictEqual({
    ...part,
    consistency: undefined,
    timeoutMs: undefined,
  });
});

test.each(['', 'hello', '{"nodes": 3}', '[]', 'null'])('%j is no copy of nodes', (text) => {
  expect(readCopied(text)).toBeUndefined();
});

test('a copy gets unused names, keeps its own connections, and stands aside', () => {
  const after = pasted(document, partOf(document, new Set(['a', 'b'])));
  expect(after.nodes.slice(3)).toStrictEqual([
    { id: 'a2', function: 'f' },
    { id: 'b2', function: 'g' },
  ]);
  expect(after.edges.slice(2)).toStrictEqual([{ from: 'a2', to: 'b2', parameter: 'x' }]);
  expect(after.places.get('a2')).toStrictEqual({ x: 32, y: 32 });
  expect(after.places.get('b2')).toStrictEqual({ x: 296, y: 32 });
});

test('a second copy stands aside of the first', () => {
  const part = partOf(document, new Set(['a']));
  const after = pasted(pasted(document, part), part);
  expect(after.places.get('a3')).toStrictEqual({ x: 64, y: 64 });
});

test('what was cut comes back where it was', () => {
  const part = partOf(document, new Set(['c']));
  const without = applyGesture(document, {
    label: 'Cut',
    commands: [{ type: 'remove', nodes: ['c'], edges: [] }],
  });
  expect(pasted(without, part).places.get('c')).toStrictEqual({ x: 528, y: 0 });
});

test('a loop written by hand loses the connection that closes it', () => {
  const loop = readCopied(
    JSON.stringify({
      nodes: [
        { id: 'p', function: 'f' },
        { id: 'q', function: 'g' },
      ],
      edges: [
        { from: 'p', to: 'q', parameter: 'x' },
        { from: 'q', to: 'p', parameter: 'x' },
      ],
    }),
  );
  expect(pasted(document, loop!).edges.slice(2)).toStrictEqual([
    { from: 'p', to: 'q', parameter: 'x' },
  ]);
});
