/**
 * Reads the lines of a schedule.
 */
import { must, type Key, type NodeId, type StorageId } from '@stormglass/core';
import type { Operation, RunName, Schedule, Step, WrittenValue } from './schedule.ts';

type Groups = Readonly<Record<string, string>>;

const word = '[^\\s=@.:]+';

const operations: readonly (readonly [RegExp, (groups: Groups) => Operation])[] = [
  [
    /^(?<operation>get|all|argument|delete) (?<key>\S+)$/u,
    ({ operation, key = '' }) =>
      operation === 'get' || operation === 'all' || operation === 'argument'
        ? { operation, key }
        : { operation: 'delete', key },
  ],
  [
    /^put (?<key>[^\s=]+)=(?<value>.+)$/u,
    ({ key = '', value = '' }) => ({ operation: 'put', key, value: writtenOf(value) }),
  ],
  [
    /^count (?<key>\S+) (?<add>-?\d+)$/u,
    ({ key = '', add }) => ({ operation: 'count', key, add: Number(add) }),
  ],
  [/^fail$/u, () => ({ operation: 'fail' })],
];

const stageSteps: readonly (readonly [RegExp, (groups: Groups) => Step])[] = [
  [
    /^(?<what>init|write) (?<key>[^\s=]+)=(?<value>.+)$/u,
    ({ what, key = '', value = '' }) => ({
      what: what === 'init' ? 'init' : 'write',
      key,
      value: literalOf(value),
    }),
  ],
  [/^erase (?<key>\S+)$/u, ({ key = '' }) => ({ what: 'erase', key })],
  [
    /^(?<what>warm|evict) (?<cache>[^\s:]+):(?<keys>\S+)$/u,
    ({ what, cache = '', keys = '' }) => ({
      what: what === 'warm' ? 'warm' : 'evict',
      cache,
      keys: keys.split(','),
    }),
  ],
  [
    /^push(?: (?<key>\S+))?(?: to (?<cache>\S+))?$/u,
    ({ key, cache }) => ({ what: 'push', key, cache }),
  ],
  [
    /^(?<what>hold|lose|heal) (?<from>[^\s>]+)>(?<to>\S+)$/u,
    ({ what, from = '', to = '' }) => ({
      what: what === 'hold' ? 'hold' : what === 'lose' ? 'lose' : 'heal',
      from,
      to,
    }),
  ],
  [
    /^(?<what>keep|pass) (?<type>\S+) to (?<machine>\S+)$/u,
    ({ what, type = '', machine = '' }) => ({
      what: what === 'keep' ? 'keep' : 'pass',
      type,
      machine,
    }),
  ],
  [
    /^(?<what>crash|settle|backup|restore) (?<machine>\S+)$/u,
    ({ what = '', machine = '' }) => ({ what: machineVerb(what), machine }),
  ],
  [/^mark (?<mark>\S+)$/u, ({ mark = '' }) => ({ what: 'mark', mark })],
  [/^wait (?<ms>\d+)$/u, ({ ms }) => ({ what: 'wait', durationMs: Number(ms) })],
];

const runLine = new RegExp(
  `^(?<run>${word})(?:\\.(?<node>${word}))?@(?<cache>${word}) (?<rest>.*?)(?<background> &)?$`,
  'u',
);
const shapeLine = /^shape (?<run>\S+): (?<edges>.+)$/u;
const ownerLine = /^owner (?<storage>[^\s:]+):(?<keys>\S+)$/u;
const continuesLine = /^(?<run>\S+) continues (?<before>\S+)$/u;

export function parseSchedule(text: string): Schedule {
  const steps: Step[] = [];
  const edges = new Map<RunName, readonly (readonly [NodeId, NodeId])[]>();
  const continues = new Map<RunName, RunName>();
  const owners = new Map<Key, StorageId>();
  for (const untrimmed of text.split('\n')) {
    const line = untrimmed.trim();
    if (line === '') continue;
    const shape = groupsOf(shapeLine, line);
    const owner = groupsOf(ownerLine, line);
    const continued = groupsOf(continuesLine, line);
    if (shape !== undefined) edges.set(shape['run'] ?? '', edgesOf(shape['edges'] ?? ''));
    else if (continued !== undefined) {
      continues.set(continued['run'] ?? '', continued['before'] ?? '');
    } else if (owner !== undefined) {
      for (const key of (owner['keys'] ?? '').split(',')) owners.set(key, owner['storage'] ?? '');
    } else steps.push(stepOf(line));
  }
  return { steps, edges, continues, owners };
}

function stepOf(line: string): Step {
  const groups = groupsOf(runLine, line);
  if (groups === undefined) {
    return must(firstMatch(stageSteps, line), `Not a step of a schedule: ${line}`);
  }
  const { run = '', node, cache = '', rest = '', background } = groups;
  const operation = must(firstMatch(operations, rest), `Not an operation: ${rest}`);
  const isAwaited = background === undefined;
  return { what: 'run', run, node: node ?? cache, cache, operation, isAwaited };
}

function firstMatch<T>(
  rows: readonly (readonly [RegExp, (groups: Groups) => T])[],
  text: string,
): T | undefined {
  for (const [pattern, make] of rows) {
    const groups = groupsOf(pattern, text);
    if (groups !== undefined) return make(groups);
  }
  return undefined;
}

function machineVerb(what: string): 'crash' | 'settle' | 'backup' | 'restore' {
  return what === 'crash' || what === 'settle' || what === 'backup' ? what : 'restore';
}

const groupsOf = (pattern: RegExp, text: string): Groups | undefined => {
  const match = pattern.exec(text);
  return match === null ? undefined : (match.groups ?? {});
};

const edgesOf = (text: string): readonly (readonly [NodeId, NodeId])[] =>
  text.split(/\s+/u).map((edge) => {
    const [from = '', to = ''] = edge.split('>');
    return [from, to] as const;
  });

/** A number, or the text itself. */
const literalOf = (text: string): unknown => (/^-?\d+$/u.test(text) ? Number(text) : text);

function writtenOf(text: string): WrittenValue {
  const sum = groupsOf(/^(?<key>[^\s+]+)\+(?<plus>\d+)$/u, text);
  if (sum === undefined) return { literal: literalOf(text) };
  return { key: sum['key'] ?? '', plus: Number(sum['plus']) };
}
