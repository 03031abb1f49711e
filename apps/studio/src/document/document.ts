/**
 * The DAG being edited: immutable, with a place for every node.
 */
import type {
  ConsistencyLevel,
  DagBody,
  DagDetail,
  DagEdge,
  DagName,
  DagNode,
  NodeId,
  NodePlace,
} from '@stormglass/core';

export interface DagDocument {
  readonly nodes: readonly DagNode[];
  readonly edges: readonly DagEdge[];
  /** Top left corner of every node, canvas pixels on the 8 px grid. */
  readonly places: ReadonlyMap<NodeId, NodePlace>;
  readonly consistency?: ConsistencyLevel | undefined;
  readonly timeoutMs?: number | undefined;
}

export const EMPTY_DOCUMENT: DagDocument = { nodes: [], edges: [], places: new Map() };

/** A place for nodes that came without one: a row, left to right, until they are tidied. */
const fallbackPlace = (index: number): NodePlace => ({ x: index * 288, y: 0 });

/** A document from a body that fits the schema, with a place for every node. */
export function fromDagBody(body: DagBody | DagDetail): DagDocument {
  const layout = new Map(Object.entries(body.layout ?? {}));
  const places = body.nodes.map((node, index): [NodeId, NodePlace] => [
    node.id,
    layout.get(node.id) ?? fallbackPlace(index),
  ]);
  return {
    nodes: body.nodes,
    edges: body.edges ?? [],
    places: new Map(places),
    consistency: body.consistency,
    timeoutMs: body.timeoutMs,
  };
}

/** True when some node came without a place, so the first thing to do is to tidy. */
export function lacksPlaces(detail: DagDetail): boolean {
  const layout = new Set(Object.keys(detail.layout ?? {}));
  return detail.nodes.some((node) => !layout.has(node.id));
}

export function toDagBody(document: DagDocument): DagBody {
  return {
    nodes: document.nodes.map((node) => ({ id: node.id, function: node.function })),
    edges: document.edges.map((edge) => ({
      from: edge.from,
      to: edge.to,
      parameter: edge.parameter,
    })),
    layout: Object.fromEntries(document.places),
    ...(document.consistency === undefined ? {} : { consistency: document.consistency }),
    ...(document.timeoutMs === undefined ? {} : { timeoutMs: document.timeoutMs }),
  };
}

const bodyText = (document: DagDocument): string => {
  const { layout, ...rest } = toDagBody(document);
  const places = Object.entries(layout ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([rest, places]);
};

/** Whether saving one would write the same as saving the other. */
export const sameDocument = (a: DagDocument, b: DagDocument): boolean =>
  a === b || bodyText(a) === bodyText(b);

/** The document in the shape of the server's answer, for views that show either. */
export function toDagDetail(document: DagDocument, name: DagName, version: number): DagDetail {
  const fed = new Set(document.edges.map((edge) => edge.to));
  const feeding = new Set(document.edges.map((edge) => edge.from));
  const ids = document.nodes.map((node) => node.id);
  const body = toDagBody(document);
  return {
    name,
    version,
    nodes: [...document.nodes],
    edges: [...document.edges],
    sources: ids.filter((id) => !fed.has(id)),
    sinks: ids.filter((id) => !feeding.has(id)),
    ...(body.layout === undefined ? {} : { layout: body.layout }),
    ...(body.consistency === undefined ? {} : { consistency: body.consistency }),
    ...(body.timeoutMs === undefined ? {} : { timeoutMs: body.timeoutMs }),
  };
}
