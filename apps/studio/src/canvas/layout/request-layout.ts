/**
 * Asks the layout worker for places. One worker an answer: layouts are rare and the thread is cheap.
 */
import type { FunctionSummary, NodeId, NodePlace } from '@stormglass/core';
import type { DagDocument } from '../../document/document.ts';
import { nodeHeight } from '../node-geometry.ts';
import type { LayoutRequest } from './tidy-layout.ts';

type Places = ReadonlyMap<NodeId, NodePlace>;

/** Heights as drawn win over those that the ports alone would give. */
export function layoutRequestOf(
  document: DagDocument,
  functions: ReadonlyMap<string, FunctionSummary> | undefined,
  heights: ReadonlyMap<NodeId, number>,
): LayoutRequest {
  const nodes = document.nodes.map((node) => {
    const ports = functions?.get(node.function)?.parameters.length ?? 1;
    return { id: node.id, height: heights.get(node.id) ?? nodeHeight(ports) };
  });
  return { nodes, edges: document.edges };
}

export function requestLayout(request: LayoutRequest): Promise<Places> {
  const worker = new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module' });
  const { promise, resolve, reject } = Promise.withResolvers<Places>();
  worker.addEventListener(
    'message',
    ({ data }: MessageEvent<readonly (readonly [NodeId, NodePlace])[]>) => resolve(new Map(data)),
  );
  worker.addEventListener('error', (event) => reject(new Error(event.message)));
  worker.postMessage(request);
  return promise.finally(() => worker.terminate());
}
