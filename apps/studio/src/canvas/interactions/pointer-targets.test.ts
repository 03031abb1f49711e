import { expect, test } from 'vitest';
import { edgeBetween, linkEndOf } from './pointer-targets.ts';

const result = { at: 'result', node: 'a' } as const;
const parameter = { at: 'parameter', node: 'b', parameter: 'x' } as const;
const edge = { from: 'a', to: 'b', parameter: 'x' };

test('the same edge comes of a link drawn either way', () => {
  expect(edgeBetween(result, parameter)).toStrictEqual(edge);
  expect(edgeBetween(parameter, result)).toStrictEqual(edge);
});

test('two results or two parameters make no edge', () => {
  expect(edgeBetween(result, { at: 'result', node: 'b' })).toBeUndefined();
  expect(edgeBetween(parameter, { ...parameter, node: 'c' })).toBeUndefined();
});

test('a handle names a result or a parameter, and nothing names nothing', () => {
  expect(linkEndOf('a', 'result:', 'source')).toStrictEqual(result);
  expect(linkEndOf('b', 'x', 'target')).toStrictEqual(parameter);
  expect(linkEndOf(undefined, 'x', 'target')).toBeUndefined();
});
