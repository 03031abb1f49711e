/**
 * The DAG model: nodes name functions, edges carry a result into a parameter (api.md, "DAGs").
 */
import type { DagName, FunctionName, NodeId } from '../ids.ts';
import type { ConsistencyLevel } from '../session/consistency-level.ts';

export interface DagNode {
  readonly id: NodeId;
  readonly function: FunctionName;
}

export interface DagEdge {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly parameter: string;
}

/** Where the author put a node on the canvas, in canvas pixels. */
export interface NodePlace {
  readonly x: number;
  readonly y: number;
}

export interface Dag {
  readonly name: DagName;
  readonly version: number;
  readonly nodes: readonly DagNode[];
  readonly edges: readonly DagEdge[];
  readonly consistency?: ConsistencyLevel | undefined;
  readonly timeoutMs?: number | undefined;
  readonly layout?: ReadonlyMap<NodeId, NodePlace> | undefined;
}

/** A parameter of a function: an input port. */
export interface Parameter {
  readonly name: string;
  /** False when the signature gives a default. */
  readonly required: boolean;
}

export interface FunctionDefinition {
  readonly name: FunctionName;
  readonly version: number;
  readonly language: 'javascript' | 'typescript';
  /** What the author wrote. */
  readonly source: string;
  /** What the isolate compiles: same lines and columns as `source`, types blanked out. */
  readonly javascript: string;
  /** In signature order, without `cloud`. */
  readonly parameters: readonly Parameter[];
  /** The position of `cloud` among all parameters of the signature, when it is there. */
  readonly cloudPosition?: number | undefined;
  readonly timeoutMs: number;
  readonly memoryMb: number;
}

export type DagProblem =
  | { readonly type: 'dag-cycle'; readonly cycle: readonly NodeId[] }
  | { readonly type: 'unknown-function'; readonly node: NodeId; readonly function: FunctionName }
  | { readonly type: 'unknown-node'; readonly node: NodeId; readonly edge: number }
  | {
      readonly type: 'unknown-parameter';
      readonly node: NodeId;
      readonly parameter: string;
      readonly edge: number;
    }
  | { readonly type: 'duplicate-node'; readonly node: NodeId }
  | { readonly type: 'parameter-bound-twice'; readonly node: NodeId; readonly parameter: string };
