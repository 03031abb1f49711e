/**
 * Asks the layout worker for places. One worker an answer: layouts are rare and the thread is cheap.
 */
import type { FunctionSummary, NodeId, NodePlace } from '@stormglass/core';
import type { DagDocument } from '../../document/document.ts';
import { heightWithRun } from '../node-geometry.ts';
import type { LayoutRequest } from './tidy-layout.ts';

type Places = ReadonlyMap<NodeId, NodePlace>;

/** Heights as drawn win where they are larger than what ports and a run take. */
export function layoutRequestOf(
  document: DagDocument,
  functions: ReadonlyMap<string, FunctionSummary> | undefined,
  heights: ReadonlyMap<NodeId, number>,
): LayoutRequest {
  const nodes = document.nodes.map((node) => {
    const summary = functions?.get(node.function);
    const expected = heightWithRun(summary?.parameters.length ?? 1, summary?.usesCloud ?? false);
    return { id: node.id, height: Math.max(heights.get(node.id) ?? 0, expected) };
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
