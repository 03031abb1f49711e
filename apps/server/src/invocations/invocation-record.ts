/**
 * What the server remembers of an invocation, and its forms in the API. Values stay the JSON text
 * they came as.
 */
import {
  sinksOf,
  type ConsistencyLevel,
  type Dag,
  type DagEdge,
  type DagNode,
  type FunctionName,
  type InvocationAnswer,
  type InvocationId,
  type NodeId,
} from '@stormglass/core';
import type { InvocationOutcome } from '../cluster-port.ts';
import { problemOf } from '../http/problem-document.ts';

export type InvocationTarget =
  | { readonly kind: 'dag'; readonly dag: Dag }
  | { readonly kind: 'function'; readonly name: FunctionName };

export interface InvocationRecord {
  readonly id: InvocationId;
  /** Counts the invocations of this server; the page cursor. */
  readonly ordinal: number;
  /** The DAG or function as it was when it was invoked. */
  readonly target: InvocationTarget;
  readonly consistency: ConsistencyLevel;
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly traced: boolean;
  /** Characters of JSON text that the outcome holds. */
  readonly weight: number;
  readonly outcome?: InvocationOutcome | undefined;
}

const nodesOf = (target: InvocationTarget): readonly DagNode[] =>
  target.kind === 'dag' ? target.dag.nodes : [{ id: target.name, function: target.name }];

const edgesOf = (target: InvocationTarget): readonly DagEdge[] =>
  target.kind === 'dag' ? target.dag.edges : [];

export type InvocationStatusName = 'running' | 'succeeded' | 'failed' | 'cancelled';

export function statusOf({ outcome }: InvocationRecord): InvocationStatusName {
  if (outcome === undefined) return 'running';
  if (outcome.ok) return 'succeeded';
  return outcome.failure.type === 'cancelled' ? 'cancelled' : 'failed';
}

const MICROSECONDS_PER_MILLISECOND = 1_000;

/**
 * `"result"` with one sink, `"results"` always with several; a sink that returned nothing has no
 * field.
 */
function resultFields(
  sinks: readonly NodeId[],
  outcome: Pick<InvocationOutcome & { ok: true }, 'results'>,
): string {
  const [only] = sinks;
  if (sinks.length === 1 && only !== undefined) {
    const value = outcome.results.get(only);
    return value === undefined ? '' : `"result":${value},`;
  }
  const fields: string[] = [];
  for (const sink of sinks) {
    const value = outcome.results.get(sink);
    if (value !== undefined) fields.push(`${JSON.stringify(sink)}:${value}`);
  }
  return `"results":{${fields.join(',')}},`;
}

const sinksOfTarget = (target: InvocationTarget): readonly NodeId[] =>
  target.kind === 'dag' ? sinksOf(target.dag) : [target.name];

const durationMs = (outcome: Pick<InvocationOutcome, 'durationUs'>): number =>
  outcome.durationUs / MICROSECONDS_PER_MILLISECOND;

function answerText(
  head: { readonly id: InvocationId; readonly consistency: ConsistencyLevel },
  sinks: readonly NodeId[],
  outcome: Omit<InvocationOutcome & { ok: true }, 'ok'>,
): string {
  return (
    `{"invocation":"${head.id}",${resultFields(sinks, outcome)}` +
    `"consistency":"${head.consistency}","durationMs":${durationMs(outcome)},` +
    `"attempts":${outcome.attempts},"session":${JSON.stringify(outcome.sessionToken)}}`
  );
}

/** The answer to a POST whose invocation succeeded. */
export const resultText = (
  record: InvocationRecord,
  outcome: InvocationOutcome & { ok: true },
): string => answerText(record, sinksOfTarget(record.target), outcome);

/** The same answer as it was kept, whatever has become of the DAG and the record since. */
export const keptText = (answer: InvocationAnswer): string =>
  answerText(
    { id: answer.invocation, consistency: answer.consistency },
    [...answer.results.keys()],
    answer,
  );

const targetField = (target: InvocationTarget): string =>
  target.kind === 'dag'
    ? `"dag":${JSON.stringify(target.dag.name)}`
    : `"function":${JSON.stringify(target.name)}`;

/** The fields that status and trace begin with, without braces. */
function headFields(record: InvocationRecord): string {
  return (
    `"invocation":"${record.id}",${targetField(record.target)},` +
    `"status":"${statusOf(record)}","consistency":"${record.consistency}"`
  );
}

/** @param resultLengthMax characters; a longer result is left out */
export function statusText(record: InvocationRecord, resultLengthMax = Infinity): string {
  const { outcome } = record;
  const started = new Date(record.startedAtMs).toISOString();
  const head = `{${headFields(record)},"startedAt":"${started}"`;
  if (outcome === undefined) return `${head},"attempts":1}`;
  const ended = `${head},"durationMs":${durationMs(outcome)},"attempts":${outcome.attempts},`;
  if (!outcome.ok) return `${ended}"error":${JSON.stringify(problemOf(outcome.failure))}}`;
  const result = resultFields(sinksOfTarget(record.target), outcome);
  const shown = result.length <= resultLengthMax ? result : '';
  return `${ended}${shown}"session":${JSON.stringify(outcome.sessionToken)}}`;
}

/** @param events JSON text of each event, in causal order */
export function traceText(record: InvocationRecord, events: readonly string[]): string {
  return (
    `{${headFields(record)},"nodes":${JSON.stringify(nodesOf(record.target))},` +
    `"edges":${JSON.stringify(edgesOf(record.target))},"events":[${events.join(',')}]}`
  );
}
