import type { DagEdge } from '@stormglass/core';
import { describe, expect, test } from 'vitest';
import { GRID, NODE_WIDTH } from '../node-geometry.ts';
import { tidyLayout } from './tidy-layout.ts';

const nodes = (...ids: string[]) => ids.map((id) => ({ id, height: 76 }));
const edge = (from: string, to: string): DagEdge => ({ from, to, parameter: `from_${from}` });

describe('the tidy layout', () => {
  test('nothing has no places', () => {
    expect(tidyLayout({ nodes: [], edges: [] })).toStrictEqual([]);
  });

  test('every edge goes to the right, with room between the boxes', () => {
    const edges = [edge('a', 'b'), edge('a', 'c'), edge('b', 'd'), edge('c', 'd')];
    const places = new Map(tidyLayout({ nodes: nodes('a', 'b', 'c', 'd'), edges }));
    for (const { from, to } of edges) {
      expect(places.get(to)!.x - places.get(from)!.x).toBeGreaterThanOrEqual(NODE_WIDTH + 40);
    }
  });

  test('no two boxes overlap, and all are on the grid from 0, 0', () => {
    const ids = Array.from({ length: 12 }, (_, index) => `n${index}`);
    const edges = ids.slice(1).map((id, index) => edge(ids[Math.floor(index / 2)]!, id));
    const places = tidyLayout({ nodes: nodes(...ids), edges });
    for (const [id, { x, y }] of places) {
      expect([x % GRID, y % GRID]).toStrictEqual([0, 0]);
      for (const [other, place] of places) {
        if (id === other) continue;
        const isApart = Math.abs(x - place.x) >= NODE_WIDTH || Math.abs(y - place.y) >= 76;
        expect(isApart).toBe(true);
      }
    }
    expect(Math.min(...places.map(([, { x }]) => x))).toBe(0);
    expect(Math.min(...places.map(([, { y }]) => y))).toBe(0);
  });

  test('a chain of boxes of different heights keeps its tops level', () => {
    const chain = [
      { id: 'a', height: 200 },
      { id: 'b', height: 76 },
      { id: 'c', height: 140 },
    ];
    const places = tidyLayout({ nodes: chain, edges: [edge('a', 'b'), edge('b', 'c')] });
    expect(places.map(([, { y }]) => y)).toStrictEqual([0, 0, 0]);
  });

  test('names of the language are names like others', () => {
    const places = new Map(
      tidyLayout({
        nodes: nodes('__proto__', 'constructor'),
        edges: [edge('__proto__', 'constructor')],
      }),
    );
    expect(places.get('__proto__')).toStrictEqual({ x: 0, y: 0 });
    expect(places.get('constructor')!.x).toBeGreaterThan(NODE_WIDTH);
  });
});
