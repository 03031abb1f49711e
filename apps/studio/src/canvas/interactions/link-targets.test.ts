import type { FunctionSummary } from '@stormglass/core';
import { describe, expect, test } from 'vitest';
import type { DagDocument } from '../../document/document.ts';
import { refusalOf } from '../connection-rule.ts';
import { edgeToNode, targetsOf } from './link-targets.ts';

const summary = (name: string, ...parameters: string[]): [string, FunctionSummary] => [
  name,
  {
    name,
    version: 1,
    language: 'javascript',
    parameters,
    optional: [],
    usesCloud: false,
    timeoutMs: 1_000,
    memoryMb: 64,
  },
];
const functions = new Map([summary('one', 'x'), summary('two', 'left', 'right')]);
const document: DagDocument = {
  nodes: [
    { id: 'a', function: 'one' },
    { id: 'b', function: 'one' },
    { id: 'c', function: 'two' },
  ],
  edges: [
    { from: 'a', to: 'b', parameter: 'x' },
    { from: 'b', to: 'c', parameter: 'left' },
  ],
  places: new Map(),
};

describe('where a link may end', () => {
  test('only free parameters downstream are offered', () => {
    expect(targetsOf(document, functions, 'a')).toStrictEqual([{ node: 'c', parameter: 'right' }]);
    expect(targetsOf(document, functions, 'c')).toStrictEqual([]);
  });

  test('a link dropped on a node takes its first free parameter', () => {
    const from = { at: 'result', node: 'a' } as const;
    expect(edgeToNode(document, functions, from, 'c')).toStrictEqual({
      from: 'a',
      to: 'c',
      parameter: 'right',
    });
    expect(edgeToNode(document, functions, from, 'b')).toBeUndefined();
  });

  test('a link drawn backwards from a parameter takes the result', () => {
    const from = { at: 'parameter', node: 'c', parameter: 'right' } as const;
    expect(edgeToNode(document, functions, from, 'a')?.parameter).toBe('right');
    expect(edgeToNode(document, functions, from, 'c')).toBeUndefined();
  });
});

describe('refusals', () => {
  test('a loop is named, and its path is along the edges that are there', () => {
    const refusal = refusalOf(document, functions, { from: 'c', to: 'a', parameter: 'x' });
    expect(refusal?.reason).toContain('c → a → b → c');
    expect(refusal?.path).toStrictEqual(['a', 'b', 'c']);
  });

  test('a bound parameter names what it is bound to', () => {
    const refusal = refusalOf(document, functions, { from: 'a', to: 'c', parameter: 'left' });
    expect(refusal?.reason).toContain('already comes from b');
    expect(refusal?.path).toStrictEqual([]);
  });

  test('an edge that fits is not refused', () => {
    expect(
      refusalOf(document, functions, { from: 'a', to: 'c', parameter: 'right' }),
    ).toBeUndefined();
  });
});
