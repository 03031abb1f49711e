/**
 * Events of a worker as the link carries them: one line each, with what the log has to know of an
 * event before its JSON text. The server splits them when their time in the log has come, because
 * the answer to an invocation comes with its events and must not wait for them.
 */
import {
  eventKinds,
  heardEvent,
  type EventKind,
  type TimedEvent,
  type ToldEvent,
  type WorkerId,
} from '@stormglass/core';

const NO_INVOCATION = '-';
const kinds = new Map<string, EventKind>(eventKinds.map((kind) => [kind, kind]));

/** `at kind invocation text`; JSON text has no line breaks, the other three have no blanks. */
function lineOf({ at, event }: TimedEvent): string {
  const invocation = 'invocation' in event ? event.invocation : undefined;
  return `${at} ${event.kind} ${invocation ?? NO_INVOCATION} ${JSON.stringify(event)}`;
}

export function writeEventLines(events: readonly TimedEvent[]): string {
  let lines = '';
  for (const timed of events) lines += lines === '' ? lineOf(timed) : `\n${lineOf(timed)}`;
  return lines;
}

function readLine(line: string, worker: WorkerId): ToldEvent | undefined {
  const atEnd = line.indexOf(' ');
  const kindEnd = line.indexOf(' ', atEnd + 1);
  const invocationEnd = line.indexOf(' ', kindEnd + 1);
  if (atEnd < 1 || kindEnd < 0 || invocationEnd < 0) return undefined;
  const at = Number(line.slice(0, atEnd));
  const kind = kinds.get(line.slice(atEnd + 1, kindEnd));
  if (!Number.isFinite(at) || kind === undefined) return undefined;
  const invocation = line.slice(kindEnd + 1, invocationEnd);
  return heardEvent(
    {
      at,
      kind,
      invocation: invocation === NO_INVOCATION ? undefined : invocation,
      text: line.slice(invocationEnd + 1),
    },
    worker,
  );
}

/** `undefined` unless it is exactly so many events. */
export function readEventLines(
  lines: string,
  count: number,
  worker: WorkerId,
): readonly ToldEvent[] | undefined {
  const told: ToldEvent[] = [];
  for (const line of lines.split('\n')) {
    const event = readLine(line, worker);
    if (event === undefined) return undefined;
    told.push(event);
  }
  return told.length === count ? told : undefined;
}
