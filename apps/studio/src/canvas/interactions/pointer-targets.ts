/**
 * What is under the pointer when a link ends: a port, a node, or nothing.
 */
import type { DagEdge, NodeId } from '@stormglass/core';
import type { LinkEnd } from './interaction-store.ts';

export type PointerLike = MouseEvent | TouchEvent;

/** Pixels of the window. */
export function pointOf(event: PointerLike): { readonly x: number; readonly y: number } {
  const point = 'changedTouches' in event ? event.changedTouches[0] : event;
  return { x: point?.clientX ?? 0, y: point?.clientY ?? 0 };
}

function elementUnder(event: PointerLike): Element | null {
  const { x, y } = pointOf(event);
  return document.elementFromPoint(x, y);
}

export const nodeUnder = (event: PointerLike): NodeId | undefined =>
  elementUnder(event)?.closest('.react-flow__node')?.getAttribute('data-id') ?? undefined;

export const isOverPane = (event: PointerLike): boolean =>
  elementUnder(event)?.classList.contains('react-flow__pane') === true;

export function linkEndOf(
  node: string | null | undefined,
  handle: string | null | undefined,
  type: 'source' | 'target' | null,
): LinkEnd | undefined {
  if (typeof node !== 'string' || typeof handle !== 'string') return undefined;
  return type === 'source' ? { at: 'result', node } : { at: 'parameter', node, parameter: handle };
}

export function portUnder(event: PointerLike): LinkEnd | undefined {
  const handle = elementUnder(event)?.closest('.react-flow__handle');
  const type = handle?.classList.contains('source') === true ? 'source' : 'target';
  return linkEndOf(
    handle?.getAttribute('data-nodeid'),
    handle?.getAttribute('data-handleid'),
    type,
  );
}

/** The edge between a result and a parameter, whichever came first; two of a kind make none. */
export function edgeBetween(first: LinkEnd, second: LinkEnd): DagEdge | undefined {
  if (first.at === 'result' && second.at === 'parameter') {
    return { from: first.node, to: second.node, parameter: second.parameter };
  }
  if (first.at === 'parameter' && second.at === 'result') {
    return { from: second.node, to: first.node, parameter: first.parameter };
  }
  return undefined;
}
