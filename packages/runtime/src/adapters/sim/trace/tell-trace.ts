/**
 * A run as lines of text for a person: virtual time on the left, a column for each machine, one
 * line for each thing that happens, in the column of the machine where it does.
 */
import type { RuntimeEvent } from '@stormglass/core';
import type { HistoryEntry } from '../history.ts';
import { CONTROL_MACHINE, type Scenario } from '../scenario.ts';
import { tellMessage, tellVersion } from './tell-message.ts';
import type { MessageStep, TraceStep } from './trace-step.ts';

const TIME_WIDTH = 12;
const COLUMN_WIDTH = 14;
/** The names of the machines come again after so many lines. */
const HEADER_EVERY = 50;

/** Where something happens, and what. */
interface Line {
  readonly machine: string;
  readonly text: string;
}

export function tellTrace(scenario: Scenario, steps: readonly TraceStep[]): readonly string[] {
  const machines = [CONTROL_MACHINE, ...scenario.workers.map(({ id }) => id), ...scenario.storages];
  const header =
    'ms'.padStart(TIME_WIDTH - 2).padEnd(TIME_WIDTH) +
    machines.map((machine) => machine.padEnd(COLUMN_WIDTH)).join('');
  const lines: string[] = [];
  for (const step of steps) {
    const line = lineOf(step);
    if (line === undefined) continue;
    if (lines.length % HEADER_EVERY === 0) lines.push(header.trimEnd());
    const time = (step.atUs / 1000).toFixed(3).padStart(TIME_WIDTH - 2);
    const column = Math.max(0, machines.indexOf(line.machine)) * COLUMN_WIDTH;
    lines.push(`${time}  ${' '.repeat(column)}${line.text}`);
  }
  return lines;
}

function lineOf(step: TraceStep): Line | undefined {
  switch (step.kind) {
    case 'message':
      return lineOfMessage(step);
    case 'event':
      return lineOfEvent(step.event);
    case 'entry':
      return lineOfEntry(step.entry);
    case 'fault':
      return { machine: CONTROL_MACHINE, text: `*** ${step.text}` };
  }
}

function lineOfMessage(step: MessageStep): Line {
  const { outcome, from, to, fromMachine, toMachine, message, sentUs } = step;
  const told = tellMessage(message);
  if (outcome === 'lost') return { machine: fromMachine, text: `x ${told} → ${to} is lost` };
  if (outcome === 'for the dead') {
    return { machine: toMachine, text: `x ${told} from ${from} finds nobody` };
  }
  const sent = (sentUs / 1000).toFixed(3);
  return { machine: toMachine, text: `← ${told} from ${from}, sent at ${sent}` };
}

function lineOfEvent(event: RuntimeEvent): Line | undefined {
  switch (event.kind) {
    case 'cache.read': {
      const { worker, node, key, version, rule, invocation, attempt } = event;
      const where = `${invocation}#${attempt} ${node ?? ''}`;
      return { machine: worker, text: `${where} reads ${key} ${tellVersion(version)} (${rule})` };
    }
    case 'cache.write': {
      const { worker, node, key, version, invocation, attempt, dependencies } = event;
      const after = Object.entries(dependencies)
        .map(([other, bound]) => `${other} ${tellVersion(bound)}`)
        .join(' ');
      const where = `${invocation}#${attempt} ${node ?? ''}`;
      const depends = after === '' ? '' : `, after ${after}`;
      return { machine: worker, text: `${where} writes ${key} ${tellVersion(version)}${depends}` };
    }
    case 'invocation.started': {
      const { invocation, attempt, dag, consistency, schedule, cause } = event;
      const places = Object.entries(schedule).map(([node, { worker }]) => `${node} on ${worker}`);
      const why = cause === undefined ? '' : ` because: ${cause}`;
      const text = `${invocation}#${attempt} starts ${dag} at ${consistency}: ${places.join(', ')}`;
      return { machine: CONTROL_MACHINE, text: text + why };
    }
    case 'function.started':
    case 'function.finished': {
      const { worker, invocation, attempt, node } = event;
      const what = event.kind === 'function.started' ? 'starts' : event.status;
      return { machine: worker, text: `${invocation}#${attempt} ${node} ${what}` };
    }
    case 'storage.merged': {
      const { storage, key, incoming, after } = event;
      const text = `${key} is ${tellVersion(after)} with ${tellVersion(incoming)}`;
      return { machine: storage, text };
    }
    case 'cache.evicted':
      return { machine: event.worker, text: `evicts ${event.key} ${tellVersion(event.version)}` };
    default:
      return undefined;
  }
}

function lineOfEntry(entry: HistoryEntry): Line | undefined {
  switch (entry.kind) {
    case 'answer': {
      const text = `answers ${entry.invocation}: ${entry.failure ?? 'ok'} (${entry.attempts})`;
      return { machine: CONTROL_MACHINE, text };
    }
    case 'put':
    case 'get':
    case 'final': {
      const what = entry.kind === 'put' ? 'has put' : 'gets';
      const text = `client ${entry.client} ${what} ${entry.key} ${tellVersion(entry.version)}`;
      return { machine: CONTROL_MACHINE, text };
    }
    case 'unanswered': {
      const text = `client ${entry.client} never hears of ${entry.invocation ?? entry.key}`;
      return { machine: CONTROL_MACHINE, text };
    }
    case 'served': {
      const text = `would serve ${entry.key} ${tellVersion(entry.version)}`;
      return { machine: entry.worker, text };
    }
    case 'crash':
    case 'restart':
      return { machine: entry.machine, text: `*** ${entry.kind}` };
    default:
      return undefined;
  }
}
