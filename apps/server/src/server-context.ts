/**
 * What the routes share: the cluster, what the server remembers of it, and the surroundings they
 * may use.
 */
import type { FunctionDefinition, Result } from '@stormglass/core';
import type { Cluster } from './cluster-port.ts';
import type { ExampleCatalog } from './examples/example-catalog.ts';
import type { AcceptedInvocations } from './invocations/accepted-invocations.ts';
import type { InvocationBook } from './invocations/invocation-book.ts';
import type { EventLog } from './live/event-log.ts';
import type { Metrics } from './plugins/metrics.ts';

/** Reads ports and syntax off a source, without running it. */
export type AnalyzeFunction = (input: {
  readonly name: string;
  readonly source: string;
  readonly language?: 'javascript' | 'typescript' | undefined;
  readonly timeoutMs?: number | undefined;
  readonly memoryMb?: number | undefined;
  readonly version: number;
}) => Result<FunctionDefinition>;

export interface ServerContext {
  readonly cluster: Cluster;
  readonly analyzeFunction: AnalyzeFunction;
  readonly log: EventLog;
  readonly accepted: AcceptedInvocations;
  readonly book: InvocationBook;
  readonly metrics: Metrics;
  readonly examples: ExampleCatalog;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  /** Calls `wake` after the delay; returns the way to cancel. */
  readonly after: (delayMs: number, wake: () => void) => () => void;
}
