/**
 * What one gesture on the canvas does to the document, with the name it has in the history.
 */
import type { DagEdge, FunctionName, NodeId, NodePlace } from '@stormglass/core';
import { getDocument, performGesture } from '../document/document-store.ts';
import { edgeKey } from '../document/edge-key.ts';
import type { EdgeKey } from '../document/edge-key.ts';
import { clearSelection, selectNode } from '../document/selection-store.ts';
import { unusedNodeId } from '../document/unused-node-id.ts';
import { functionStore } from '../library/function-store.ts';
import type { LinkEnd } from './interactions/interaction-store.ts';
import { announce, tell } from './interactions/interaction-store.ts';
import { GRID, NODE_WIDTH } from './node-geometry.ts';

const onGrid = ({ x, y }: NodePlace): NodePlace => ({
  x: Math.round(x / GRID) * GRID,
  y: Math.round(y / GRID) * GRID,
});

/** With a few ports, and room for what a run shows. */
const NODE_HEIGHT_USUAL = 176;

/** How far a new node steps aside when its place is taken. */
const ASIDE = 4 * GRID;

function freePlace(wanted: NodePlace): NodePlace {
  const taken = [...getDocument().places.values()];
  let place = onGrid(wanted);
  while (taken.some(({ x, y }) => Math.abs(x - place.x) < ASIDE && Math.abs(y - place.y) < ASIDE)) {
    place = { x: place.x + ASIDE, y: place.y + ASIDE };
  }
  return place;
}

/** How far apart the columns of a DAG stand. */
const COLUMN = NODE_WIDTH + 7 * GRID;

/** Here, or as far to the right as nothing is covered. */
export function clearPlace(wanted: NodePlace): NodePlace {
  const taken = [...getDocument().places.values()];
  const covered = ({ x, y }: NodePlace) =>
    taken.find(
      (other) => Math.abs(other.x - x) < NODE_WIDTH && Math.abs(other.y - y) < NODE_HEIGHT_USUAL,
    );
  let place = onGrid(wanted);
  for (let other = covered(place); other !== undefined; other = covered(place)) {
    place = { x: other.x + COLUMN, y: other.y };
  }
  return place;
}

function edgeTo(link: LinkEnd, id: NodeId, functionName: FunctionName): DagEdge | undefined {
  if (link.at === 'parameter') return { from: id, to: link.node, parameter: link.parameter };
  const [parameter] = functionStore.getState().functions?.get(functionName)?.parameters ?? [];
  return parameter === undefined ? undefined : { from: link.node, to: id, parameter };
}

/** `place` is where the top left corner should be; the node steps aside when something is there. */
export function addFunctionNode(
  functionName: FunctionName,
  place: NodePlace,
  link?: LinkEnd,
): NodeId {
  const id = unusedNodeId(getDocument(), functionName);
  const edge = link === undefined ? undefined : edgeTo(link, id, functionName);
  performGesture(
    `Add ${id}`,
    { type: 'add-node', id, function: functionName, place: freePlace(place) },
    ...(edge === undefined ? [] : [{ type: 'connect' as const, edge }]),
  );
  selectNode(id);
  announce(edge === undefined ? `Added ${id}.` : `Added ${id}, connected.`);
  return id;
}

/** Right of what is there: where a node goes that nobody placed. */
export function nextPlace(): NodePlace {
  const places = [...getDocument().places.values()];
  if (places.length === 0) return { x: 0, y: 0 };
  const right = Math.max(...places.map(({ x }) => x));
  const top = Math.min(...places.map(({ y }) => y));
  return { x: right + NODE_WIDTH + 10 * GRID, y: top };
}

export function connectPorts(edge: DagEdge): void {
  performGesture(`Connect ${edge.from} to ${edge.to}`, { type: 'connect', edge });
  announce(`Connected ${edge.from} to ${edge.parameter} of ${edge.to}.`);
}

export function moveTo(places: readonly (readonly [NodeId, NodePlace])[], label?: string): void {
  const [first] = places;
  if (first === undefined) return;
  const name = places.length === 1 ? `Move ${first[0]}` : `Move ${places.length} nodes`;
  performGesture(label ?? name, { type: 'move-nodes', places });
}

export function removeSelected(nodes: ReadonlySet<NodeId>, edges: ReadonlySet<EdgeKey>): void {
  if (nodes.size + edges.size === 0) return;
  const [onlyNode] = nodes;
  const label =
    nodes.size === 0
      ? `Delete ${edges.size === 1 ? 'a connection' : `${edges.size} connections`}`
      : nodes.size === 1
        ? `Delete ${onlyNode}`
        : `Delete ${nodes.size} nodes`;
  performGesture(label, { type: 'remove', nodes: [...nodes], edges: [...edges] });
  clearSelection();
  tell(`${label}. Undo brings it back.`);
}

/** Takes away what feeds the given nodes. */
export function disconnectInputs(nodes: ReadonlySet<NodeId>): void {
  const edges = getDocument().edges.filter((edge) => nodes.has(edge.to));
  if (edges.length === 0) return;
  const [only] = nodes;
  const label = nodes.size === 1 ? `Disconnect ${only}` : `Disconnect ${nodes.size} nodes`;
  performGesture(label, { type: 'remove', nodes: [], edges: edges.map(edgeKey) });
  tell(`${label}. Undo brings it back.`);
}
