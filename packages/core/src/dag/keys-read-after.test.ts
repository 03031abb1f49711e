// Which keys can still be read behind an edge: by what is there, and by branches that meet it.
import { expect, test } from 'vitest';
import type { NodeId } from '../ids.ts';
import { keysReadAfter } from './keys-read-after.ts';

/** Edges as `a>b`; nodes without keys may read anything. */
function readAfter(
  edges: string,
  edge: readonly [NodeId, NodeId],
  keys: Readonly<Record<NodeId, string>>,
  withBranches = false,
): readonly string[] | 'any' {
  const drawn = edges.split(' ').map((text) => {
    const [from = '', to = ''] = text.split('>');
    return { from, to, parameter: from };
  });
  const named = new Map(Object.entries(keys));
  const keysOf = (node: NodeId) => named.get(node)?.split('').filter(Boolean);
  const [from, to] = edge;
  const found = keysReadAfter({ edges: drawn }, { from, to }, { keysOf, withBranches });
  return found === undefined ? 'any' : [...found].toSorted();
}

test('[DAG6] all nodes behind the edge count, and none before it or beside it', () => {
  const chain = 'a>f f>g g>h f>other';
  expect(readAfter(chain, ['f', 'g'], { g: 'k', h: 'lm' })).toEqual(['k', 'l', 'm']);
  expect(readAfter(chain, ['g', 'h'], { h: '' })).toEqual([]);
});

test('[DAG6] one function with cloud anywhere behind the edge may read any key', () => {
  expect(readAfter('f>g g>h g>i', ['f', 'g'], { g: 'k', h: 'l' })).toBe('any');
  expect(readAfter('f>g f>h', ['f', 'g'], { g: 'k' })).toEqual(['k']);
});

test('[DAG6] a branch that meets what is behind the edge counts where branches are compared', () => {
  const v = 'a>f f>join a>b b>join c>b join>end';
  const keys = { join: 'j', end: 'e', b: 'x', c: 'y' };
  expect(readAfter(v, ['f', 'join'], keys)).toEqual(['e', 'j']);
  // Not what comes before the edge: that has been read.
  expect(readAfter(v, ['f', 'join'], keys, true)).toEqual(['e', 'j', 'x', 'y']);
  expect(readAfter(v, ['f', 'join'], { join: 'j', end: 'e', b: 'x' }, true)).toBe('any');
});
