/**
 * How a worker process ended, and whose fault it was.
 */
import { parseCallAddress, workerStatusMessage, type MessageOf } from '@stormglass/core';

export interface WorkerExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** The last line that the worker wrote to its last-words descriptor. */
  readonly lastWords: string | undefined;
}

/** In words, for the log and the cluster view. */
export function describeExit({ code, signal, lastWords }: WorkerExit): string {
  const how =
    signal === null ? `It ended with code ${code ?? 'unknown'}` : `It was ended by ${signal}`;
  const detail = lastWords === undefined ? undefined : parseReport(lastWords)?.detail;
  return detail === undefined ? how : `${how}: ${stringOr(detail, '')}`;
}

/** The call that brought the worker down, when the watchdog of the worker said so. */
export function culpritOf({ lastWords }: WorkerExit): MessageOf<'scheduler.worker'>['culprit'] {
  const report = lastWords === undefined ? undefined : parseReport(lastWords);
  const call = parseCallAddress(stringOr(report?.culprit, ''));
  if (report === undefined || call === undefined) return undefined;
  const { invocation, attempt, node } = call;
  const { type, detail } = report;
  return workerStatusMessage.shape.culprit.safeParse({ invocation, attempt, node, type, detail })
    .data;
}

const stringOr = (value: unknown, otherwise: string): string =>
  typeof value === 'string' ? value : otherwise;

/** A `WatchdogReport`, as far as it can be trusted: the process that wrote it ran user code. */
function parseReport(
  text: string,
): { readonly culprit?: unknown; readonly type?: unknown; readonly detail?: unknown } | undefined {
  try {
    const report: unknown = JSON.parse(text);
    return typeof report === 'object' && report !== null ? report : undefined;
  } catch {
    return undefined;
  }
}
