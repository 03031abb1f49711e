/**
 * The examples: read from their folders at the start, installed on request.
 */
import type { Example, Result } from '@stormglass/core';
import type { Cluster } from '../cluster-port.ts';
import type { AnalyzeFunction } from '../server-context.ts';

export interface ExampleCatalog {
  readonly list: readonly Example[];
  /** `undefined` when there is no such example. */
  readonly install: (id: string) => Promise<Result<{ readonly dag: string }> | undefined>;
}

export function readExamples(_cluster: Cluster, _analyze: AnalyzeFunction): ExampleCatalog {
  return { list: [], install: () => Promise.resolve(undefined) };
}
