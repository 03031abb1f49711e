/**
 * Document and functions, turned into what React Flow draws. Pure; unchanged nodes and edges keep their
 * identity.
 */
import type { DagEdge, DagNode, FunctionSummary, NodeId, NodePlace } from '@stormglass/core';
import { Position } from '@xyflow/react';
import type { Edge, Node } from '@xyflow/react';
import type { DagDocument } from '../document/document.ts';
import { edgeKey } from '../document/edge-key.ts';
import type { EdgeKey } from '../document/edge-key.ts';
import { NODE_WIDTH, nodeHeight, portBox } from './node-geometry.ts';

export const RESULT_PORT = 'result:';

export interface PortModel {
  readonly name: string;
  readonly isRequired: boolean;
  /** The node that feeds it. */
  readonly from: NodeId | undefined;
  /** Bound by an edge although the function has no such parameter any more. */
  readonly isGone: boolean;
}

export interface FunctionNodeData extends Record<string, unknown> {
  readonly functionName: string;
  readonly ports: readonly PortModel[];
  readonly isSink: boolean;
  readonly usesCloud: boolean;
  /** What is wrong with this node before any run, in one sentence. */
  readonly problem: string | undefined;
}

export type FlowNode = Node<FunctionNodeData, 'function'>;
export type FlowEdge = Edge<{
  readonly from: NodeId;
  readonly to: NodeId;
  readonly parameter: string;
}>;

export interface FlowInput {
  readonly document: DagDocument;
  /** `undefined` while they are being loaded. */
  readonly functions: ReadonlyMap<string, FunctionSummary> | undefined;
  readonly selectedNodes: ReadonlySet<NodeId>;
  readonly selectedEdges: ReadonlySet<EdgeKey>;
  /** Places while a drag goes on. */
  readonly dragged: ReadonlyMap<NodeId, NodePlace>;
  /** Heights that the browser reported, where a run makes a node taller than its ports. */
  readonly heights: ReadonlyMap<NodeId, number>;
  /** The one node in the tab order. */
  readonly tabStop: NodeId | undefined;
  /** Problems by function, from the last save. */
  readonly functionProblems: ReadonlyMap<string, string>;
}

export interface Flow {
  readonly nodes: FlowNode[];
  readonly edges: FlowEdge[];
}

function portsOf(
  summary: FunctionSummary | undefined,
  incoming: readonly DagEdge[],
): readonly PortModel[] {
  const feeding = new Map(incoming.map((edge) => [edge.parameter, edge.from]));
  const names = summary?.parameters ?? [];
  const optional = new Set(summary?.optional);
  const ports = names.map((name) => ({
    name,
    isRequired: !optional.has(name),
    from: feeding.get(name),
    isGone: false,
  }));
  const known = new Set(names);
  const gone = [...feeding].filter(([name]) => !known.has(name));
  return [
    ...ports,
    ...gone.map(([name, from]) => ({
      name,
      isRequired: true,
      from,
      isGone: summary !== undefined,
    })),
  ];
}

function problemOf(
  node: DagNode,
  ports: readonly PortModel[],
  input: FlowInput,
): string | undefined {
  if (input.functions === undefined) return undefined;
  if (!input.functions.has(node.function)) return `There is no function ${node.function} yet.`;
  const gone = ports.find((port) => port.isGone);
  if (gone !== undefined) return `${node.function} has no parameter ${gone.name} any more.`;
  return input.functionProblems.get(node.function);
}

function describe(node: DagNode, ports: readonly PortModel[], problem: string | undefined): string {
  const call = node.id === node.function ? node.id : `${node.id}, function ${node.function}`;
  const inputs = ports.map(({ name, from }) =>
    from === undefined ? `${name} not connected` : `${name} from ${from}`,
  );
  return [call, ...inputs, ...(problem === undefined ? [] : [problem])].join('. ');
}

function handlesOf(ports: readonly PortModel[]): NonNullable<FlowNode['handles']> {
  return [
    ...ports.map((port, row) => ({
      id: port.name,
      type: 'target' as const,
      position: Position.Left,
      ...portBox('left', row),
    })),
    {
      id: RESULT_PORT,
      type: 'source' as const,
      position: Position.Right,
      ...portBox('right', 0),
    },
  ];
}

interface NodeEntry {
  readonly key: readonly unknown[];
  readonly node: FlowNode;
}

const sameKey = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((part, index) => part === b[index]);

function buildNode(
  node: DagNode,
  place: NodePlace,
  ports: readonly PortModel[],
  isSink: boolean,
  input: FlowInput,
): FlowNode {
  const summary = input.functions?.get(node.function);
  const problem = problemOf(node, ports, input);
  const height = input.heights.get(node.id) ?? nodeHeight(ports.length);
  const isSelected = input.selectedNodes.has(node.id);
  return {
    id: node.id,
    type: 'function',
    position: place,
    measured: { width: NODE_WIDTH, height },
    handles: handlesOf(ports),
    selected: isSelected,
    ariaRole: 'group',
    ariaLabel: describe(node, ports, problem),
    domAttributes: { tabIndex: input.tabStop === node.id ? 0 : -1, 'aria-current': isSelected },
    data: {
      functionName: node.function,
      ports,
      isSink,
      usesCloud: summary?.usesCloud ?? false,
      problem,
    },
  };
}

/**
 * A function from input to flow that remembers what it answered, so that React Flow sees what did not
 * change.
 */
export function createFlowModel(): (input: FlowInput) => Flow {
  let entries = new Map<NodeId, NodeEntry>();
  let edges = new Map<EdgeKey, FlowEdge>();

  function nodeEntry(
    node: DagNode,
    incoming: readonly DagEdge[],
    isSink: boolean,
    input: FlowInput,
  ) {
    const place = input.dragged.get(node.id) ??
      input.document.places.get(node.id) ?? { x: 0, y: 0 };
    const ports = portsOf(input.functions?.get(node.function), incoming);
    const key = [
      node,
      place.x,
      place.y,
      isSink,
      input.functions?.get(node.function),
      input.functions === undefined,
      input.heights.get(node.id),
      input.selectedNodes.has(node.id),
      input.tabStop === node.id,
      input.functionProblems.get(node.function),
      ...incoming.flatMap((edge) => [edge.from, edge.parameter]),
    ];
    const before = entries.get(node.id);
    if (before !== undefined && sameKey(before.key, key)) return before;
    return { key, node: buildNode(node, place, ports, isSink, input) };
  }

  function flowEdge(edge: DagEdge, isSelected: boolean): FlowEdge {
    const id = edgeKey(edge);
    const before = edges.get(id);
    if (before !== undefined && before.source === edge.from && before.selected === isSelected) {
      return before;
    }
    return {
      id,
      type: 'function',
      source: edge.from,
      sourceHandle: RESULT_PORT,
      target: edge.to,
      targetHandle: edge.parameter,
      selected: isSelected,
      ariaLabel: `${edge.from} feeds ${edge.to}, parameter ${edge.parameter}`,
      data: { from: edge.from, to: edge.to, parameter: edge.parameter },
    };
  }

  return (input) => {
    const incoming = Map.groupBy(input.document.edges, (edge) => edge.to);
    const feeding = new Set(input.document.edges.map((edge) => edge.from));
    entries = new Map(
      input.document.nodes.map((node) => [
        node.id,
        nodeEntry(node, incoming.get(node.id) ?? [], !feeding.has(node.id), input),
      ]),
    );
    edges = new Map(
      input.document.edges.map((edge) => {
        const id = edgeKey(edge);
        return [id, flowEdge(edge, input.selectedEdges.has(id))];
      }),
    );
    return { nodes: [...entries.values()].map(({ node }) => node), edges: [...edges.values()] };
  };
}
